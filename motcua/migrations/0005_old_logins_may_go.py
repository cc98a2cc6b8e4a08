from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

MESSAGE = "motcua_loginevent is append-only"
# What is older than a year may be pruned; the database itself refuses anything younger.
SQLITE = [
    "DROP TRIGGER motcua_loginevent_no_delete",
    f"""CREATE TRIGGER motcua_loginevent_no_delete BEFORE DELETE ON motcua_loginevent
        WHEN OLD.at > datetime('now', '-12 months')
        BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END""",
]
POSTGRESQL = [
    f"""CREATE OR REPLACE FUNCTION motcua_loginevent_append_only() RETURNS trigger
        LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP = 'DELETE' AND OLD.at <= now() - interval '12 months' THEN RETURN OLD; END IF;
        RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';
        END $$""",
]
UNDO = {
    "sqlite": [
        "DROP TRIGGER motcua_loginevent_no_delete",
        f"""CREATE TRIGGER motcua_loginevent_no_delete BEFORE DELETE ON motcua_loginevent
            BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END""",
    ],
    "postgresql": [
        f"""CREATE OR REPLACE FUNCTION motcua_loginevent_append_only() RETURNS trigger
            LANGUAGE plpgsql AS $$ BEGIN
            RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';
            END $$""",
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
    dependencies = [("motcua", "0004_leaders_sign")]

    operations = [migrations.RunPython(lay, lift, elidable=False)]
