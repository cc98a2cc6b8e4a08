"""The README stays true: what it names exists, and the commands it shows are real."""

import re
import subprocess
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class
from django.urls import Resolver404, resolve

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CODE = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", README, flags=re.S))
BLOCKS = re.findall(r"```(?:sh|text)?\n(.*?)```", README, flags=re.S)


def test_every_file_it_names_exists() -> None:
    paths = {c for c in CODE if re.fullmatch(r"[\w.-]+(/[\w.-]+)+/?|[\w-]+\.(py|md|toml|lock)", c)}
    paths |= set(re.findall(r"\]\((?!http)([^)#]+)\)", README))
    missing = sorted(p for p in paths if not p.startswith("var/") and not (ROOT / p).exists())
    assert not missing


def test_every_test_it_names_exists() -> None:
    named = set(re.findall(r"`(tests/[\w/]+\.py)`::`(\w+)`", README))
    assert len(named) >= 15
    missing = [
        f"{path}::{test}"
        for path, test in sorted(named)
        if not re.search(rf"def {test}\b", (ROOT / path).read_text(encoding="utf-8"))
    ]
    assert not missing


def test_every_address_it_names_is_served() -> None:
    addresses = {c for c in CODE if re.fullmatch(r"/[\w/.-]*", c)}
    assert "/ban-lam-viec/" in addresses
    for address in addresses:
        try:
            resolve(address)
        except Resolver404:
            pytest.fail(f"{address} is served by no view")


def test_every_management_command_it_names_exists() -> None:
    commands = set(re.findall(r"manage\.py (\w+)", README))
    assert {"deadline", "report", "load_base", "demo"} <= commands
    known = get_commands()
    for name in commands:
        app = known[name]
        assert app if not isinstance(app, str) else load_command_class(app, name)


@pytest.mark.parametrize("script", ["setup", "server", "test"])
def test_every_script_explains_itself(script: str) -> None:
    assert f"script/{script}" in README
    told = subprocess.run(
        [ROOT / "script" / script, "--help"], capture_output=True, text=True, timeout=30, check=True
    )
    assert told.stdout.strip()


def test_the_worked_example_of_the_deadline_command_is_what_it_prints(
    db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    from django.core.management import call_command

    from procedures.catalogue import load_calendar

    load_calendar()
    block = next(b for b in BLOCKS if "manage.py deadline 2016-02-04T09:00" in b)
    call_command("deadline", "2016-02-04T09:00", "3", "working_day")
    assert capsys.readouterr().out.strip() == block.split("\n", 1)[1].strip()
