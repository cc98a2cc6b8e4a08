"""Every command under arguments of any kind: it ends well or with a sentence, never a traceback."""

import io
import re
from pathlib import Path
from random import Random
from tempfile import NamedTemporaryFile
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dossiers.models import Dossier
from motcua.models import Staff
from tests.cast import Cast
from tests.fuzz.hostile import ALL, FILES

COMMAND_INPUTS = 100
RUNS = 40
PATHS = (".", "khong/co/tep", "x" * 300, "\udcff", "a/\n/b")
TYPABLE = [word for word in ALL if "\x00" not in word and not re.search("[\ud800-\udc7f]", word)]


def quiet(*words: Any) -> None:
    """A command ends well or with a sentence; anything else is raised."""
    try:
        call_command(*words, stdout=io.StringIO(), stderr=io.StringIO())
    except CommandError as refused:
        assert str(refused)
    except SystemExit as end:
        assert end.code in (0, 1, 2)


def test_command_with_any_argument_ends_with_a_sentence(cast: Cast) -> None:
    @settings(
        max_examples=COMMAND_INPUTS,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.sampled_from(ALL), st.sampled_from(ALL), st.sampled_from(FILES), st.binary())
    def typed(first: str, second: str, begins: bytes, rest: bytes) -> None:
        quiet("deadline", "--", first, second, "working_day")
        quiet("deadline", "--", "2016-02-04T09:00", second, first)
        quiet("report", f"--office={second}", "--", first)
        quiet("remind", "--", first)
        with NamedTemporaryFile(suffix=".csv" if len(rest) % 2 else ".xlsx") as file:
            file.write(begins + rest)
            file.flush()
            quiet("import_register", file.name)

    typed()
    assert not Dossier.objects.exists()


OPTIONS = {
    "send_notices": [["--limit={}"]],
    "print_register": [["--", "{}"]],
    "prune_logins": [["--months={}"]],
    "unlock": [["--", "{}"]],
    "remind": [["--before={}"], ["2016-Q3", "--calendar={}"]],
    "tell_administrators": [["--", "{}"]],
    "first_administrator": [["--username={}", "--full-name={}"], ["--office={}"]],
    "deadline": [["2016-02-04T09:00", "15", "working_day", "--office={}"]],
    "report": [
        ["2016-Q1", "--level={}"],
        ["2016-Q1", "--layout={}", "--format=csv"],
        ["2016-Q1", "--by={}", "--calendar={}"],
        ["2016-Q1", "--format={}", "--output={}"],
    ],
    "import_register": [["--dry-run", "--", "{}"]],
    "import_staff": [["--dry-run", "--", "{}"], ["--office={}", "--dry-run", "--", __file__]],
    "backup": [["--keep={}", "{}"], ["--key-file={}", "--", "{}"]],
    "restore": [["--key-file={}", "--", "{}"], ["--", "{}"]],
}
"""Of each command, the arguments in whose holes hostile words are put."""

SENT = 5 * COMMAND_INPUTS + RUNS * len(OPTIONS)


@pytest.mark.django_db
@pytest.mark.parametrize("name", OPTIONS)
def test_commands_every_option_of_a_command_takes_anything_and_says_what_is_wrong(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MOTCUA_BACKUP_KEY", "một khóa đủ dài để sao lưu")
    monkeypatch.chdir(tmp_path)
    random = Random(name)
    before = Staff.objects.count(), Dossier.objects.count()
    for run in range(RUNS):
        shape = OPTIONS[name][run % len(OPTIONS[name])]
        words = [part.replace("{}", hostile_word(random)) for part in shape]
        quiet(name, *words)
    assert (Staff.objects.count(), Dossier.objects.count()) == before


def hostile_word(random: Random) -> str:
    """What a shell can hand over: any bytes but NUL."""
    return random.choice(PATHS if random.random() < 0.3 else TYPABLE)
