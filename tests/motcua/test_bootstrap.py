"""Bootstrap's style sheet holds no rule for what no page has; its README says how it was cut."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import tinycss2

pytestmark = pytest.mark.pure

ROOT = Path(__file__).resolve().parents[2]
SHEET = ROOT / "static" / "vendor" / "bootstrap" / "bootstrap.css"
PAGES = (
    ("templates", "html"),
    ("static/js", "js"),
    *((app, "py") for app in ("motcua", "dossiers", "procedures", "reports")),
)


def written() -> str:
    """Everything that gives a page its elements and classes; crispy's buttons are of class btn."""
    return "btn " + " ".join(
        path.read_text(encoding="utf-8")
        for folder, kind in PAGES
        for path in (ROOT / folder).rglob(f"*.{kind}")
    )


def rules(sheet: str) -> Iterator[tuple[str, str]]:
    """(selector, declarations) of every rule, those for some screens only too."""
    for rule in tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True):
        if rule.type == "qualified-rule":
            yield tinycss2.serialize(rule.prelude), tinycss2.serialize(rule.content)
        elif rule.at_keyword == "media":
            yield from rules(tinycss2.serialize(rule.content))


def unused(sheet: str, pages: str, own: str) -> list[str]:
    """Classes that no page has, and variables that no rule reads."""
    found = list(rules(sheet))
    selectors = re.sub(r":not\([^)]*\)", "", " ".join(selector for selector, _ in found))
    classes = set(re.findall(r"\.([a-z][\w-]*)", selectors))
    declared = " ".join(body for _, body in found)
    variables = set(re.findall(r"(--[\w-]+):", declared))
    read = set(re.findall(r"var\((--[\w-]+)", declared + own))
    return [
        *sorted(name for name in classes if not re.search(rf"(?<![\w-]){name}(?![\w-])", pages)),
        *sorted(variables - read),
    ]


def test_bootstrap_has_only_what_the_pages_use():
    own = " ".join(path.read_text("utf-8") for path in (ROOT / "static" / "css").glob("*.css"))
    assert unused(SHEET.read_text(encoding="utf-8"), written(), own) == []
    more = "@media print { .accordion-flush { --bs-flush: 0; } }"
    assert unused(more, written(), own) == ["accordion-flush", "--bs-flush"]


def test_bootstrap_holds_no_picture_that_the_policy_refuses():
    assert "data:" not in SHEET.read_text(encoding="utf-8")
