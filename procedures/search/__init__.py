"""Finding a procedure in people's own words: one engine for citizens and clerks."""
