"""The documents stay true: what they name exists, what they show is real, what the code cites
is shipped."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand
from django.urls import Resolver404, resolve

from dossiers.demo.plan import PUBLISHED_COMMUNES, PUBLISHED_DISTRICT
from dossiers.rules import deadlines
from dossiers.rules.deadlines import Limit, LimitUnit
from motcua.environment import VARIABLES
from tests.procedures.shipped_calendar import shipped_calendar

ROOT = Path(__file__).resolve().parent.parent
APPS = ("motcua", "procedures", "dossiers", "reports")
FOLDERS = (*APPS, "docs", "deploy", "script", "static", "templates", "tests", ".ci")
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")]
PAGES += sorted((ROOT / "docs").rglob("*.md"))
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
SCRIPTS = ("count-layout", "server", "setup", "test", "upgrade", "wheels")
# Read by tests and scripts, not by the program.
OF_TESTS = {"BENCH_DATABASE_URL", "FAULT_KILLS", "FUZZ_INPUTS", "FUZZ_SEED", "TEST_POSTGRES_URL"}


@cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def doc(name: str) -> str:
    return text_of(ROOT / "docs" / name)


def code_in(text: str) -> list[str]:
    """What stands between single backticks."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))


def blocks_in(text: str) -> list[str]:
    return re.findall(r"```(?:sh|text)?\n(.*?)```", text, flags=re.DOTALL)


def commands_in(text: str) -> list[str]:
    """What a reader may type: inline code and the lines of blocks, without their remarks."""
    lines = [line for block in blocks_in(text) for line in block.splitlines()]
    return [line.partition(" #")[0] for line in (*code_in(text), *lines)]


ALL = "\n".join(map(text_of, PAGES))
CODE = code_in(ALL)
COMMANDS = commands_in(ALL)


# Files


def paths_named() -> Iterator[str]:
    file = re.compile(r"[\w.-]+\.(?:py|md|toml|lock|yml|csv|conf|service|timer)")
    for code in CODE:
        if re.fullmatch(rf"(?:{'|'.join(map(re.escape, FOLDERS))})/[\w./*-]*", code):
            yield code
        elif file.fullmatch(code):
            yield f"deploy/{code}" if code.endswith((".service", ".timer")) else code
    for line in (line for block in blocks_in(ALL) for line in block.splitlines()):
        if not line.startswith(" "):  # a line of the tree of packages, read elsewhere
            yield from re.findall(
                r"(?<![\w./-])((?:script|deploy|tests|templates)/[\w./*-]+)", line
            )


def is_there(path: str) -> bool:
    return any(ROOT.glob(path)) if "*" in path else (ROOT / path).exists()


def is_pattern_of_settings(path: str) -> bool:
    return path in {"pg_hba.conf", "nginx.conf"}


def test_paths_that_documents_name_exist() -> None:
    named = {path for path in paths_named() if not is_pattern_of_settings(path)}
    assert len(named) > 150
    assert sorted(path for path in named if not is_there(path)) == []


def slug(heading: str) -> str:
    """The anchor that a forge gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("document", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_of_a_document_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!http)([^)]+)\)|src=\"([^\"]+)\"", text_of(document))
    for target, anchor in ((one or other).partition("#")[::2] for one, other in links):
        found = document.parent / target if target else document
        assert found.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", text_of(found), flags=re.MULTILINE)
            assert anchor in map(slug, headings), f"{target}#{anchor}"


def test_documents_are_all_reached_from_the_readme() -> None:
    seen: set[Path] = set()
    ahead = [ROOT / "README.md"]
    while ahead:
        page = ahead.pop()
        if page in seen:
            continue
        seen.add(page)
        links = re.findall(r"\]\((?!http)([^)#]+\.md)", text_of(page))
        ahead += [(page.parent / link).resolve() for link in links]
    assert set(PAGES) - seen == set()


def test_documents_readme_is_short_and_its_pictures_are_light() -> None:
    assert (ROOT / "README.md").stat().st_size <= 6_000
    pictures = sorted((ROOT / "docs" / "images").iterdir())
    names = ["desk.png", "first-hour.png", "lookup.png", "trial-slip.png"]
    assert [picture.name for picture in pictures] == names
    assert all(picture.stat().st_size < 120_000 for picture in pictures)


def packages_drawn() -> Iterator[str]:
    """The folders of the tree in architecture.md, as paths."""
    tree = next(block for block in blocks_in(doc("architecture.md")) if "motcua/\n" in block)
    app = ""
    for line in tree.splitlines():
        if not line.startswith(" "):
            app = line.strip("/")
        elif line.startswith("  ") and not line.startswith("   "):
            yield from (f"{app}/{name}" for name in re.findall(r"(?:^|  )(\w+)/", line))


def test_documents_packages_that_architecture_draws_exist() -> None:
    drawn = list(packages_drawn())
    assert len(drawn) > 20
    assert [package for package in drawn if not (ROOT / package).is_dir()] == []


# Tests


def test_documents_tests_that_documents_name_exist() -> None:
    named = set(re.findall(r"`(tests/[\w/]+\.py)`::`(\w+)`", ALL))
    assert len(named) >= 90
    missing = [
        f"{path}::{test}"
        for path, test in sorted(named)
        if not re.search(rf"def {test}\b", text_of(ROOT / path))
    ]
    assert missing == []


def test_documents_decisions_name_their_tests() -> None:
    decisions = [
        line for page in DECISIONS for line in text_of(page).splitlines() if line.startswith("- ")
    ]
    assert len(decisions) > 80
    assert [line for line in decisions if "`tests/" not in line] == []


# Addresses and commands


def test_addresses_that_documents_name_are_served() -> None:
    addresses = {code for code in CODE if re.fullmatch(r"/(?:[\w.-]+/)*", code)}
    assert {"/", "/ban-lam-viec/", "/quan-tri/"} <= addresses
    for address in addresses:
        try:
            resolve(address)
        except Resolver404:
            pytest.fail(f"{address} is served by no view")


def command_of(name: str) -> BaseCommand:
    app = get_commands()[name]
    return app if isinstance(app, BaseCommand) else load_command_class(app, name)


def test_documents_management_commands_exist_with_the_options_that_documents_name() -> None:
    called = [
        call
        for line in COMMANDS
        for call in re.findall(r"(?:manage\.py|\bdesk) ([a-z_]+)([^&;]*)", line)
    ]
    assert {"deadline", "report", "load_base", "demo"} <= {name for name, _ in called}
    for name, rest in called:
        known = command_of(name).create_parser("manage.py", name)._option_string_actions
        assert set(re.findall(r"(?<!\w)--[a-z][a-z-]*", rest)) <= set(known), name


def test_documents_own_commands_are_all_in_van_hanh() -> None:
    own = {name for name, app in get_commands().items() if app in APPS}
    # Started by the program itself, or by script/server.
    inner = {"installation", "print_register", "work_off_register"}
    assert own - inner <= set(re.findall(r"manage\.py (\w+)", doc("van-hanh.md")))


def help_of(script: str) -> str:
    call = [ROOT / "script" / script, "--help"]
    return subprocess.run(call, capture_output=True, text=True, timeout=30, check=True).stdout


@pytest.mark.parametrize("script", SCRIPTS)
def test_documents_scripts_explain_themselves_with_the_options_that_documents_name(
    script: str,
) -> None:
    told = help_of(script)
    assert told.strip()
    calls = [call for line in COMMANDS for call in re.findall(rf"script/{script}\b(.*)", line)]
    assert calls
    for call in calls:
        assert all(option in told for option in re.findall(r"--[a-z]+", call)), call


def test_documents_scripts_that_documents_name_are_these() -> None:
    assert set(re.findall(r"script/([\w-]+)", "\n".join(COMMANDS))) == set(SCRIPTS)


def test_documents_modules_that_documents_run_exist() -> None:
    modules = set(re.findall(r"python -m (tests[\w.]*)", "\n".join(COMMANDS)))
    assert {"tests.bench", "tests.bench.load"} <= modules
    for module in modules:
        path = ROOT / module.replace(".", "/")
        assert path.with_suffix(".py").is_file() or (path / "__main__.py").is_file(), module


def test_documents_worked_example_of_the_deadline_command_is_what_it_prints(
    db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    from django.core.management import call_command

    from procedures.catalogue import load_calendar

    load_calendar()
    example = "manage.py deadline 2016-02-04T09:00 3 working_day"
    block = next(block for block in blocks_in(ALL) if example in block)
    call_command("deadline", "2016-02-04T09:00", "3", "working_day")
    assert capsys.readouterr().out.strip() == block.split("\n", 1)[1].strip()


# Settings


def test_documents_variables_are_all_in_van_hanh() -> None:
    rows = re.findall(r"^\| (`[^|]+`) \| [^|]+ \| [^|]+ \|$", doc("van-hanh.md"), re.MULTILINE)
    listed = {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}
    assert listed == set(VARIABLES)


def test_documents_defaults_in_van_hanh_are_those_of_the_settings() -> None:
    settings = text_of(ROOT / "motcua" / "settings.py")
    found = re.findall(r'env\.(?:number|port)\(\s*"(\w+)", ([\d_]+)', settings)
    found += re.findall(r'env\.choice\("(\w+)", \([^)]*\), "(\w+)"', settings)
    assert len(found) > 8
    for name, default in found:
        row = re.search(rf"^\|[^|]*`{name}`[^|]*\|([^|]*)\|", doc("van-hanh.md"), re.MULTILINE)
        assert row is not None, name
        assert default.replace("_", "") in re.findall(r"[\w.]+", row[1]), name


def test_documents_variables_that_documents_name_are_read() -> None:
    named = set(re.findall(r"\b((?:MOTCUA|BENCH|FAULT|FUZZ|TEST)_[A-Z_]+|\w+_URL)\b", ALL))
    assert named >= OF_TESTS
    assert {name for name in named if name.isupper()} - set(VARIABLES) - OF_TESTS == set()
    read = "\n".join(
        text_of(path)
        for path in (*(ROOT / "tests").rglob("*.py"), ROOT / "script" / "test")
        if path != Path(__file__)
    )
    assert [name for name in OF_TESTS if name not in read] == []


# Words and texts that the code cites


@cache
def sources() -> str:
    """The product's own code and templates, without migrations."""
    files = [path for app in APPS for path in (ROOT / app).rglob("*.py")]
    files += (ROOT / "templates").rglob("*.html")
    return "\n".join(text_of(path) for path in files if "migrations" not in path.parts)


def test_names_of_the_glossary_stand_in_the_code() -> None:
    names = set()
    for line in doc("glossary.md").splitlines():
        cells = line.split("|")
        if len(cells) > 3:
            names |= {code for cell in cells[2:4] for code in code_in(cell)}
    names = {name for name in names if re.fullmatch(r"\w+", name)}
    assert len(names) > 90
    words = set(re.findall(r"\w+", sources()))
    assert sorted(names - words) == []
    classes = set(re.findall(r"^ *class (\w+)", sources(), re.MULTILINE))
    assert sorted(name for name in names if name[0].isupper() and not name.isupper()) == sorted(
        name for name in names & classes if not name.isupper()
    )


def test_documents_code_cites_no_text_that_is_not_shipped() -> None:
    tests = [path for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__)]
    cited = re.compile(
        r"\b(?:law[ -]file|law-and-forms|source-figures|since-2025|design(?:\.md|: | section))"
        r"|\b(?:look|style|floors)\.md",
        re.IGNORECASE,
    )
    assert cited.findall(sources() + "".join(map(text_of, tests))) == []
    for name in re.findall(r"docs/([\w/-]+\.md)", sources()):
        assert (ROOT / "docs" / name).is_file(), name


def test_documents_acts_that_the_code_cites_are_told_in_domain() -> None:
    told = doc("domain.md")
    acts = set(re.findall(r"\b((?:NĐ|TT|QĐ|NQ) \d+/\d{4})", sources()))
    assert {"NĐ 61/2018", "TT 03/2025", "QĐ 09/2015"} <= acts
    assert sorted(act for act in acts if act not in told) == []
    articles = set(re.findall(r"\b(?:NĐ|TT|QĐ) [\w/-]+(?:-CP|VPCP)? (Điều \d+)\b", sources()))
    assert len(articles) > 8
    assert sorted(a for a in articles if not re.search(rf"{a}\b", told)) == []


def rows_under(text: str, head: str) -> list[list[str]]:
    """The rows of the table whose head begins so, as cells."""
    lines = text[text.index(head) :].partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def day_in(words: str) -> date:
    """The date of a cell such as "Fri 24/04/2015 (make-up day)", whose weekday must be right."""
    weekday, day = words.split()[:2]
    found = datetime.strptime(day, "%d/%m/%Y").date()  # noqa: DTZ007
    assert found.strftime("%a") == weekday, words
    return found


def test_documents_worked_due_dates_of_domain_are_what_the_rule_gives() -> None:
    examples = rows_under(doc("domain.md"), "| Received | Days | Due |")
    assert len(examples) == 8
    for received, days, due in examples:
        at = datetime.combine(day_in(received), time(9))
        limit = Limit(int(days), LimitUnit.WORKING_DAY)
        reckoned = deadlines.due(shipped_calendar(), at, limit)
        assert reckoned.due_at.date() == day_in(due), received


def test_documents_published_figures_of_domain_are_those_of_the_demonstration() -> None:
    told = rows_under(doc("domain.md"), "| | received | early | on time | late | resolved |")
    plans = [
        [plan.received, plan.early, plan.on_time, plan.late, plan.resolved]
        for plan in (PUBLISHED_DISTRICT, PUBLISHED_COMMUNES)
    ]
    plans.append([sum(column) for column in zip(*plans, strict=True)])
    assert [[int(cell.replace(".", "")) for cell in cells] for _, *cells in told] == plans


# publiccode.yml


@pytest.fixture(scope="module")
def publiccode() -> Any:
    return yaml.safe_load(text_of(ROOT / "publiccode.yml"))


def test_documents_publiccode_has_what_version_0_4_of_the_standard_asks(publiccode: Any) -> None:
    assert publiccode["publiccodeYmlVersion"] == "0.4"
    assert publiccode["name"] == "Một cửa"
    assert publiccode["url"].startswith("https://")
    assert publiccode["platforms"] == ["web"]
    assert publiccode["softwareType"] == "standalone/web"
    assert publiccode["developmentStatus"] in {"concept", "development", "beta", "stable"}
    assert set(publiccode["categories"]) <= {
        "customer-service-and-support",
        "digital-citizenship",
        "document-management",
        "workflow-management",
    }
    assert publiccode["maintenance"]["type"] == "community"
    assert all(contact["name"] for contact in publiccode["maintenance"]["contacts"])
    assert publiccode["localisation"] == {"localisationReady": False, "availableLanguages": ["vi"]}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_documents_publiccode_describes_within_the_limits_of_the_standard(
    publiccode: Any, language: str
) -> None:
    described = publiccode["description"][language]
    assert len(described["shortDescription"]) <= 150
    assert 150 <= len(described["longDescription"]) <= 10_000
    assert described["features"]
    assert all((ROOT / path).is_file() for path in described["screenshots"])


def test_documents_publiccode_says_what_pyproject_says(publiccode: Any) -> None:
    project = tomllib.loads(text_of(ROOT / "pyproject.toml"))["project"]
    assert publiccode["legal"]["license"] == project["license"]["text"]
    assert publiccode["softwareVersion"] == project["version"]


def test_documents_help_of_manage_says_the_commands_of_the_desk_first_and_what_each_does() -> None:
    call = [sys.executable, "manage.py", "help"]
    lines = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    first, _, rest = lines.partition("Mọi lệnh, có cả của Django:")
    own = {path.stem for path in ROOT.glob("*/management/commands/*.py")} - {"__init__"}
    told = dict(re.findall(r"^  (\w+) +(\S.*)\.$", first, re.MULTILINE))
    assert set(told) == own
    assert "\n    migrate\n" in rest
