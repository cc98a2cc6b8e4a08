"""Forms of the desk: they validate what a person typed; `lifecycle` writes it."""
