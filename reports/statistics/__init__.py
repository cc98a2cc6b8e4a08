"""The few tests of chance that the leaders' page needs, from the standard library alone: a package
of statistics would be a hundred megabytes for five functions. Pure Python, no Django."""
