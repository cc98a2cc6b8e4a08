"""The shape of the house, read from its own files: which way imports point, who reads the
clock, who prints, and which rooms are plain Python."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FLOORS = ("motcua", "procedures", "dossiers", "reports")  # each may import those before it
PURE_ROOMS = (
    "motcua.clock",
    "motcua.text",
    "procedures.workdays",
    "dossiers.rules.deadlines",
    "dossiers.rules.regimes",
    "dossiers.rules.days_spent",
    "dossiers.rules.states",
    "dossiers.rules.timeliness",
    "reports.terms.buckets",
    "reports.terms.contributions",
    "reports.terms.periods",
    "reports.terms.verdicts",
)
LONGEST_FILE = 500

# Ways to ask what time it is. How long something took (time.monotonic) is another question.
CLOCK_READERS = {
    (owner, name)
    for owner, names in {
        "datetime": ("now", "today", "utcnow"),
        "date": ("today",),
        "timezone": ("now", "localdate", "localtime"),
        "time": ("time", "time_ns", "localtime", "gmtime", "strftime"),
    }.items()
    for name in names
}


def app_files() -> Iterator[Path]:
    for floor in FLOORS:
        for path in sorted((ROOT / floor).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Line and full name of everything the file imports, inside functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            yield node.lineno, node.module or ""
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def place(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def test_imports_point_from_the_upper_floors_to_the_lower_ones():
    wrong = [
        f"{place(path, line)} imports {name}"
        for path in app_files()
        for line, name in imports(path)
        if name.split(".")[0] in FLOORS
        and FLOORS.index(name.split(".")[0]) > FLOORS.index(path.relative_to(ROOT).parts[0])
    ]
    assert wrong == []


def test_staff_required_is_the_only_guard_of_views():
    """Django's own guard would hand a view a request whose user may be anybody, untyped."""
    guards = [
        f"{place(path, line)} imports {name}"
        for path in app_files()
        for line, name in imports(path)
        if name.startswith("django.contrib.auth.decorators") and path.name != "access.py"
    ]
    assert guards == []


def test_only_the_clock_room_reads_the_clock():
    readers = [
        f"{place(path, node.lineno)} {ast.unparse(node)}"
        for path in app_files()
        if path != ROOT / "motcua" / "clock.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and (ast.unparse(node.value).split(".")[-1], node.attr) in CLOCK_READERS
    ]
    assert readers == []


def test_no_field_reads_the_clock_by_itself():
    fields = [
        place(path, node.value.lineno)
        for path in app_files()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.keyword) and node.arg in ("auto_now", "auto_now_add")
    ]
    assert fields == []


def test_only_the_pdf_engine_imports_weasyprint():
    importers = {
        str(path.relative_to(ROOT))
        for path in app_files()
        for _, name in imports(path)
        if name.split(".")[0] == "weasyprint"
    }
    assert importers <= {"motcua/printing/pdf.py"}


@pytest.mark.parametrize("room", PURE_ROOMS)
def test_a_pure_room_stands_without_django(room):
    script = f"import sys; sys.modules['django'] = None; import {room}"
    told = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr


def test_no_file_is_too_long_to_read():
    sources = [
        path
        for folder in (*FLOORS, "tests", "templates", "static")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".html", ".css", ".js"}
        and not {"migrations", "vendor"} & set(path.parts)
    ]
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in sources
    }
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_templates_compare_no_states_classes_or_outcomes():
    """Python says what is so, once; a template asks it for a boolean."""
    compared = re.compile(
        r"{%[^%]*\.(state|current_state|timeliness|outcome)(\.\w+)? *(==|!=|[<>]|in )[^%]*%}"
    )
    assert compared.search("{% if a or dossier.state == 3 %}")
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in (ROOT / "templates").rglob("*.html")
        for match in compared.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []
