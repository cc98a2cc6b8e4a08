"""The organisation and the ground floor: offices, staff, access, clock, settings."""
