import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[1]
APPS = ("motcua", "procedures", "dossiers", "reports")
MIGRATIONS = [path for app in APPS for path in sorted((ROOT / app / "migrations").rglob("*.py"))]


def modules_named(source: str) -> Iterator[str]:
    """Whatever the source imports, inside functions too, and names of modules in strings; the
    `to` of a relation names a model."""
    nodes = list(ast.walk(ast.parse(source)))
    models = [node.value for node in nodes if isinstance(node, ast.keyword) and node.arg == "to"]
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (name if "." in (name := a.name) else f"{name}.*" for a in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in models:
            yield node.value


def is_of_an_app(name: str) -> bool:
    """Whether the name is that of a module of an app, other than of its migrations."""
    app, *inside = name.split(".")
    if app not in APPS or not inside or inside[0] == "migrations":
        return False  # an app's name alone is its label
    if inside == ["*"]:
        return True  # all of it, or by attribute
    folder = ROOT / app / inside[0]
    return folder.is_dir() or folder.with_suffix(".py").is_file()


@pytest.mark.django_db
def test_migrations_no_change_of_a_model_is_without_its_migration():
    call_command("makemigrations", check=True, dry_run=True, verbosity=3)


@pytest.mark.parametrize("path", MIGRATIONS, ids=lambda path: f"{path.parts[-3]}/{path.stem}")
def test_migration_names_no_module_of_the_apps(path):
    named = set(modules_named(path.read_text(encoding="utf-8")))
    assert {name for name in named if name.startswith(".") or is_of_an_app(name)} == set()


@pytest.mark.parametrize(
    "source",
    [
        "from reports.figures.verify import rebuild",
        "import motcua.web.uploads",
        "from motcua import text",
        "def fill(apps, editor):\n    from dossiers.lifecycle import codes",
        "import_module('reports.figures.verify')",
        "import_string('motcua.text.fold')",
        "from dossiers import *",
        "import dossiers",
    ],
)
def test_migrations_module_of_an_app_is_seen_in_a_migration(source):
    assert any(is_of_an_app(name) for name in modules_named(source))


def test_migrations_of_another_app_may_be_named():
    named = modules_named("import_module('reports.migrations.0003_summaries')")
    assert not any(is_of_an_app(name) for name in named)
