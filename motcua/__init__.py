"""The organisation, and what every app stands on: offices, staff, access, clock, settings."""
