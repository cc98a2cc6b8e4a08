"""The administration of the lists that dossiers use."""

from dossiers.admin import calendar, lists, notices, sectors

__all__ = ["calendar", "lists", "notices", "sectors"]
