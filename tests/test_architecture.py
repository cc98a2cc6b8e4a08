"""The arrangement of the program, read from its own files: which way imports, templates and names
in strings point, who reads the clock, who prints, and which modules are plain Python.

Import contracts between and inside the apps stand in pyproject.toml and are checked by
`lint-imports`; here is what it cannot see. Above all apps, and free to name every one of them, are
the settings, the root urls and wsgi, and the templates that are in no app's folder: the frames
(base, staff, public, the pages of errors), `admin/` and `paper/`.
"""

import ast
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
APPS = ("motcua", "procedures", "dossiers", "reports")  # each may import those before it
ABOVE_ALL_APPS = {"motcua/settings.py", "motcua/urls.py", "motcua/wsgi.py"}
# Folders of templates, and whose they are.
TEMPLATES = {"registration": "motcua"} | {app: app for app in APPS}
MOST_MODULES = 21  # in one folder
PURE_MODULES = (
    "motcua.clock",
    "motcua.text",
    "procedures.workdays",
    "dossiers.rules.deadlines",
    "dossiers.rules.regimes",
    "dossiers.rules.days_spent",
    "dossiers.rules.cards",
    "dossiers.rules.personal_numbers",
    "dossiers.rules.states",
    "dossiers.rules.timeliness",
    "reports.statistics.exact",
    "reports.statistics.tails",
    "reports.statistics.units",
    "reports.terms.buckets",
    "reports.terms.contributions",
    "reports.terms.mailing",
    "reports.index.rules",
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
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
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


def test_architecture_imports_point_from_the_upper_apps_to_the_lower_ones():
    wrong = [
        f"{place(path, line)} imports {name}"
        for path in app_files()
        for line, name in imports(path)
        if name.split(".")[0] in APPS
        and APPS.index(name.split(".")[0]) > APPS.index(path.relative_to(ROOT).parts[0])
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


def upper(app: str) -> tuple[str, ...]:
    """The apps that this one must not know."""
    return APPS[APPS.index(app) + 1 :]


def libraries() -> dict[str, str]:
    """Every tag library of ours, and the app it is of."""
    return {
        path.stem: path.relative_to(ROOT).parts[0]
        for app in APPS
        for path in (ROOT / app / "templatetags").glob("*.py")
    }


TAGS = re.compile(r"{%-?\s*(load|include|extends)\s+(.*?)\s*-?%}", re.DOTALL)


def apps_named(tag: str, words: str) -> Iterator[str]:
    """The apps whose templates or libraries a tag names; one in a variable names none."""
    if tag == "load":
        yield from (libraries()[word] for word in words.split() if word in libraries())
    for name in re.findall(r"""["']([^"'/]+)/[^"']*["']""", words):
        if tag != "load" and name in TEMPLATES:
            yield TEMPLATES[name]


def test_architecture_template_of_an_app_names_no_template_and_no_library_of_an_upper_one():
    wrong = [
        f"{place(path, text[: found.start()].count(chr(10)) + 1)} {found.group()}"
        for folder, app in TEMPLATES.items()
        for path in sorted((ROOT / "templates" / folder).rglob("*.html"))
        if (text := path.read_text(encoding="utf-8"))
        for found in TAGS.finditer(text)
        if set(apps_named(*found.groups())) & set(upper(app))
    ]
    assert wrong == []


def strings(tree: ast.AST) -> Iterator[ast.Constant]:
    """Every string that is not a docstring."""
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node


def url_names(app: str) -> set[str]:
    tree = ast.parse((ROOT / app / "urls.py").read_text(encoding="utf-8"))
    return {
        node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg == "name"
    }


def addressed(tree: ast.AST) -> Iterator[ast.Constant]:
    """The names of urls that are looked up."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = ast.unparse(node.func).split(".")[-1]
            if called in {"reverse", "reverse_lazy", "redirect", "resolve_url"}:
                yield node.args[0]


def lower_files() -> Iterator[tuple[Path, ast.AST, tuple[str, ...]]]:
    """Each file of an app that has upper ones, parsed, with these."""
    for path in app_files():
        name = path.relative_to(ROOT)
        if str(name) not in ABOVE_ALL_APPS and upper(name.parts[0]):
            yield path, ast.parse(path.read_text(encoding="utf-8")), upper(name.parts[0])


def test_architecture_strings_of_a_lower_app_name_nothing_of_an_upper_one():
    wrong = [
        f"{place(path, node.lineno)} {node.value!r}"
        for path, tree, apps in lower_files()
        for node in strings(tree)
        if re.search(rf"(?<!\w)(?:{'|'.join(apps)})(?:[./:_]|$)", node.value)
    ]
    assert wrong == []


def test_architecture_urls_that_a_lower_app_looks_up_are_not_those_of_an_upper_one():
    wrong = [
        f"{place(path, node.lineno)} {node.value!r}"
        for path, tree, apps in lower_files()
        for node in addressed(tree)
        if any(node.value in url_names(app) for app in apps)
    ]
    assert wrong == []


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imported(path: Path, modules: set[str]) -> Iterator[str]:
    """The modules of ours that the file imports: a submodule rather than its package."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)
        elif isinstance(node, ast.ImportFrom):
            full = {f"{node.module}.{alias.name}" for alias in node.names}
            yield from full & modules
            if not full <= modules and node.module in modules:
                yield node.module


def test_architecture_no_files_import_one_another_in_a_circle():
    """Imports inside functions and those for annotations alone count as well."""
    files = {module_of(path): path for path in app_files()}
    graph = {module: set(imported(path, set(files))) for module, path in files.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


def test_architecture_no_folder_holds_more_modules_than_one_can_survey():
    counts = Counter(
        str(path.relative_to(ROOT).parent)
        for path in app_files()
        if path.name != "__init__.py" and path.parent.name != "commands"
    )
    assert {folder: n for folder, n in counts.items() if n > MOST_MODULES} == {}


def test_architecture_class_names_are_unique_within_an_app():
    """Classes of a module; Django itself asks for the name `Command`."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for path in app_files():
        name = str(path.relative_to(ROOT))
        if path.parent.name == "commands":
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef):
                found[name.split("/")[0], node.name].append(place(path, node.lineno))
    doubles = {name: places for (_, name), places in found.items() if len(places) > 1}
    assert doubles == {}, "rename so that each says which one it is"


def test_architecture_ci_runs_the_import_contracts():
    assert '\nrun "import contracts" .venv/bin/lint-imports\n' in (ROOT / ".ci/run").read_text()


def test_architecture_only_the_clock_module_reads_the_clock():
    readers = [
        f"{place(path, node.lineno)} {ast.unparse(node)}"
        for path in app_files()
        if path != ROOT / "motcua" / "clock.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and (ast.unparse(node.value).split(".")[-1], node.attr) in CLOCK_READERS
    ]
    assert readers == []


def test_architecture_no_field_reads_the_clock_by_itself():
    fields = [
        place(path, node.value.lineno)
        for path in app_files()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.keyword) and node.arg in ("auto_now", "auto_now_add")
    ]
    assert fields == []


def test_architecture_only_the_pdf_engine_imports_weasyprint():
    importers = {
        str(path.relative_to(ROOT))
        for path in app_files()
        for _, name in imports(path)
        if name.split(".")[0] == "weasyprint"
    }
    assert importers <= {"motcua/printing/pdf.py"}


@pytest.mark.parametrize("module", PURE_MODULES)
def test_architecture_pure_module_needs_no_django(module):
    script = f"import sys; sys.modules['django'] = None; import {module}"
    told = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr


def test_architecture_no_file_is_too_long_to_read():
    sources = [
        path
        for folder in (*APPS, "tests", "templates", "static")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".html", ".css", ".js"}
        and not {"migrations", "vendor"} & set(path.parts)
    ]
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in sources
    }
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_architecture_templates_repeat_no_limits_of_the_forms():
    """A number that a form checks stands in Python; a template is handed it."""
    limit = re.compile(r'\bm(?:ax|in)(?:length)?="\d{2,}"')
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in (ROOT / "templates").rglob("*.html")
        for match in limit.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_architecture_templates_compare_no_states_classes_or_outcomes():
    """Python says what is so, once; a template asks it for a boolean."""
    compared = re.compile(
        r"{%[^%]*\b(state|current_state|timeliness|outcome|due_on)(\.\w+)? *(==|!=|[<>]|in )[^%]*%}"
        r"|{%[^%]*(==|!=|[<>]) *\w+\.(state|current_state|timeliness|outcome|due_on)\b[^%]*%}"
    )
    assert compared.search("{% if 3 == dossier.state %}")
    assert compared.search("{% if dossier.due_on < today %}")
    assert compared.search("{% if a or dossier.state == 3 %}")
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in (ROOT / "templates").rglob("*.html")
        for match in compared.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_architecture_names_of_tests_begin_with_what_they_test():
    """With the subject of their file or a name of the product, so that `-k` finds them."""
    named = {path.stem for path in app_files()}
    for path in app_files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                named.add(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", node.name).lower().strip("_"))
    wrong = []
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        subject = path.stem.removeprefix("test_").rstrip("s")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                words = node.name.split("_")[1:]
                begins = {"_".join(words[:count]) for count in range(1, len(words) + 1)}
                if not ({subject, f"{subject}s"} | named) & begins:
                    wrong.append(f"{path.relative_to(ROOT)}::{node.name}")
    assert wrong == []
