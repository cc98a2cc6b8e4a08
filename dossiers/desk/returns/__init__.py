"""The return counter: what may be handed over, and why something may not yet."""
