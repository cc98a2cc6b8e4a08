"""Run in a process of its own over an old database: migrates it, and tells as JSON on stdout
what now stands there; on stdin comes what its own release told."""

import io
import json
import os
import sys
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "motcua.settings"


def figures(period: str) -> Any:
    from django.core.management import call_command

    told = io.StringIO()
    call_command("report", period, by="office", format="json", stdout=told)
    return json.loads(told.getvalue())


def plain(value: Any) -> Any:
    kept = dict | list | int | bool | None
    return value if isinstance(value, kept) else str(value)


def signed_of(closing: Any) -> dict[str, Any]:
    return {
        "office": closing.office.code,
        "period": closing.period_key,
        "digest": closing.digest,
        "is_intact": closing.is_intact,
    }


def main() -> None:
    then = json.load(sys.stdin)
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("verify_figures", stdout=io.StringIO())
    from dossiers.models import Event
    from reports.models import Closing

    columns = list(then["events"][0])
    now = {
        "figures": {period: figures(period) for period in then["figures"]},
        "events": [
            {column: plain(getattr(event, column)) for column in columns}
            for event in Event.objects.order_by("pk")
        ],
        "signed": [signed_of(each) for each in Closing.objects.order_by("pk")],
    }
    json.dump(now, sys.stdout)


if __name__ == "__main__":
    main()
