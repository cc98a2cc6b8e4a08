"""Every address x every role x own and foreign office, beside the written table of who may what.

`tests/who_may_what.csv` is the table: a row for each address and method, a column for each
person; a cell says the status in the own office and, where it differs, `own/foreign`. A new
address needs a row: the failure prints the one that was seen, to be judged before it is pasted.
"""

import logging

import pytest
import weasyprint
from django.template.backends.django import Template

from tests.cast import make_cast
from tests.who_may_what import PEOPLE, Walk, patterns, written


class NoPrinter:
    """In place of the foreign engine: who may print is asked here, not what comes out."""

    pages = ("",)

    def __init__(self, **options: object) -> None:
        pass

    def render(self, **options: object) -> "NoPrinter":
        return self

    def write_pdf(self, **options: object) -> bytes:
        return b"%PDF-1.7\n%%EOF\n"


@pytest.mark.django_db
def test_who_may_what_everybody_may_what_the_table_says_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(weasyprint, "HTML", NoPrinter)
    monkeypatch.setattr(Template, "render", lambda *page, **context: "")  # nor what it looks like
    table = written()
    logging.disable(logging.CRITICAL)  # 2,000 refusals
    try:
        seen = {(key, method): cells for key, method, cells in Walk(make_cast()).rows()}
    finally:
        logging.disable(logging.NOTSET)  # and what loggers remember of it
    wrong = [
        f"{key} {method} as {who}: {now}, the table says {said}"
        for (key, method), cells in seen.items()
        if (key, method) in table
        for who, now, said in zip(PEOPLE, cells, table[key, method], strict=True)
        if now != said
    ]
    missing = [",".join([*row, *cells]) for row, cells in seen.items() if row not in table]
    gone = [" ".join(row) for row in table if row not in seen]

    assert not wrong, "\n".join(wrong)
    assert not missing, "no row in tests/who_may_what.csv for:\n" + "\n".join(missing)
    assert not gone, "rows of addresses that are no longer there:\n" + "\n".join(gone)


def test_who_may_what_walk_sees_every_address() -> None:
    names = {name for name, _ in patterns()}
    assert {"home", "dossier_slip", "closing_sign", "admin:motcua_staff_change"} <= names
    assert len(names) > 90
