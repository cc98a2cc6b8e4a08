"""The administration of the lists that dossiers use."""

from dossiers.admin import calendar, leavers, lists, notices, sectors

__all__ = ["calendar", "leavers", "lists", "notices", "sectors"]
