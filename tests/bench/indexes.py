"""Indexes and foreign keys laid aside while millions of rows are written, and put back at once:
a sorted build is many times quicker than as many single insertions."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.core.management.color import no_style
from django.db import connection, models

Models = Iterable[type[models.Model]]

_POSTGRESQL_KEYS = """
SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
    format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname,
        pg_get_constraintdef(oid))
FROM pg_constraint WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s) ORDER BY conname
"""
_POSTGRESQL_INDEXES = """
SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)
FROM pg_index WHERE indrelid::regclass::text = ANY(%s)
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid) ORDER BY indexrelid
"""
_SQLITE_INDEXES = """
SELECT 'DROP INDEX "' || name || '"', sql FROM sqlite_master
WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN (SELECT value FROM json_each(%s))
ORDER BY name
"""


@contextmanager
def laid_aside(those: Models) -> Iterator[None]:
    """The tables of these models without their indexes and foreign keys for the while; keys and
    what must be unique stay. Nothing but the transaction around it undoes it after an error."""
    tables = [model._meta.db_table for model in those]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
            # A table with something still to be checked cannot be altered.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(_POSTGRESQL_KEYS, [tables])
            pairs = cursor.fetchall()
            cursor.execute(_POSTGRESQL_INDEXES, [tables])
            pairs = [*cursor.fetchall(), *pairs]
        else:
            cursor.execute(_SQLITE_INDEXES, [json.dumps(tables)])
            pairs = cursor.fetchall()
        for drop, _ in pairs:
            cursor.execute(drop)
        yield
        for _, create in pairs:
            cursor.execute(create)
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            for table in tables:
                cursor.execute(f"ANALYZE {table}")


def set_sequences(those: Models) -> None:
    """Let the next keys follow the highest ones. SQLite does so by itself."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(those)):
            cursor.execute(statement)
