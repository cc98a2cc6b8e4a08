"""Whether the files that rows name are there: a backup holds what lies on the disk."""

from collections.abc import Iterator

from django.apps import apps
from django.db.models import FileField


def missing(newest: int | None = None) -> list[str]:
    """Names of files that rows name and the disk does not hold, as their storage knows them; of
    every table the `newest` rows, or all."""
    return [name for field in _fields() for name in _missing(field, newest)]


def _fields() -> Iterator[FileField]:
    for model in apps.get_models():
        yield from (field for field in model._meta.local_fields if isinstance(field, FileField))


def _missing(field: FileField, newest: int | None) -> list[str]:
    rows = field.model._base_manager.exclude(**{field.name: ""}).order_by("-pk")
    names = rows.values_list(field.name, flat=True)[:newest]
    gone = [name for name in names if not field.storage.exists(name)]
    # A row that was thrown away meanwhile took its file along.
    still = set(names.all()) if gone else set()
    return [name for name in gone if name in still]
