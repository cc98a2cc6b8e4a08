from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class MotcuaConfig(AppConfig):
    name = "motcua"
    verbose_name = "Tổ chức và tài khoản"

    def ready(self) -> None:
        from motcua.operations import checks  # noqa: F401  (importing registers them)

        post_migrate.connect(without_compiling, sender=self)


def without_compiling(using: str, **kwargs: Any) -> None:
    """Our statements are short; compiling one takes longer than it runs, also among millions of
    rows. Kept with the role in this database, since a session cannot say so behind a pooler."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        if cursor.fetchone()[0] != "off":
            name = connection.ops.quote_name(connection.settings_dict["NAME"])
            cursor.execute(f"ALTER ROLE CURRENT_USER IN DATABASE {name} SET jit = off")
