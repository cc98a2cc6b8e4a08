"""The database itself refuses an update or a delete of an event, on both databases."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

MESSAGE = "dossiers_event is append-only"

SQLITE = [
    f"""CREATE TRIGGER dossiers_event_no_{act.lower()} BEFORE {act} ON dossiers_event
        BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"""
    for act in ("UPDATE", "DELETE")
]
POSTGRESQL = [
    f"""CREATE FUNCTION dossiers_event_append_only() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';
        END $$""",
    """CREATE TRIGGER dossiers_event_no_change BEFORE UPDATE OR DELETE ON dossiers_event
       FOR EACH ROW EXECUTE FUNCTION dossiers_event_append_only()""",
]
UNDO = {
    "sqlite": [
        "DROP TRIGGER dossiers_event_no_update",
        "DROP TRIGGER dossiers_event_no_delete",
    ],
    "postgresql": [
        "DROP TRIGGER dossiers_event_no_change ON dossiers_event",
        "DROP FUNCTION dossiers_event_append_only()",
    ],
}


def lay(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    statements = SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL
    for statement in statements:
        schema_editor.execute(statement)


def lift(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in UNDO[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0002_people_and_constraints")]

    operations = [migrations.RunPython(lay, lift)]
