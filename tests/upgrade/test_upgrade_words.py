"""A database of the last release gets the words of the search by `load_base`; the rest stays."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.upgrade.test_upgrade import RELEASES, ROOT, old_database

TOLD = """
import io, json
import django
django.setup()
from django.core.management import call_command
from dossiers.models import Dossier, Event
from motcua.models import Office
from procedures.models import *
from procedures.search.answers import search

def kept():
    return {
        "procedures": list(Procedure.objects.order_by("pk").values_list("key", "name")),
        "tags": Procedure.life_events.through.objects.count(),
        "offices": list(Office.objects.order_by("pk").values_list("code", "name")),
        "dossiers": list(Dossier.objects.order_by("pk").values_list("code", "state", "revision")),
        "events": Event.objects.count(),
    }

def words():
    return [
        model.objects.count()
        for model in (ProcedureWords, SearchTerm, HandledElsewhere, LifeEventStep)
    ]

call_command("migrate", verbosity=0)
before = kept()
call_command("load_base", stdout=io.StringIO())
first, counted = kept(), words()
ProcedureWords.objects.all()[0].delete()
call_command("load_base", stdout=io.StringIO())
hits = search("sổ đỏ", Procedure.objects.all()).hits
print(json.dumps({
    "before": before,
    "first": first,
    "second": kept(),
    "counted": counted,
    "again": words(),
    "without": Procedure.objects.exclude(catalogue="own").filter(words=None).count(),
    "found": len(hits),
}))
"""


def told(folder: Path, variables: dict[str, str]) -> dict[str, Any]:
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("MOTCUA_") and name != "DATABASE_URL"
    }
    ran = subprocess.run(
        [sys.executable, "-c", TOLD],
        cwd=ROOT,
        env={**clean, "MOTCUA_VAR": str(folder), **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    answer: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return answer


@pytest.mark.django_db
def test_upgrade_words_come_to_a_database_of_the_last_release(tmp_path: Path) -> None:
    with old_database(RELEASES[-1], tmp_path) as (_, variables):
        now = told(tmp_path, variables)

    assert now["counted"][0] == len(now["first"]["procedures"])
    assert min(now["counted"]) > 50
    assert now["found"] > 0
    assert now["second"] == now["first"] == now["before"]
    assert now["again"] == [now["counted"][0] - 1, *now["counted"][1:]]
    assert now["without"] == 1  # what was deleted stays away
