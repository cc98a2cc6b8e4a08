"""Forms of offices: their first hour, their mergers, the assignment of what a merger leaves."""
