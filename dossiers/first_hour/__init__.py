"""The first hour of a real desk: what is done, what is missing, and a slip to try."""
