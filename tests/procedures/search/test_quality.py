"""How well people's own questions are answered: 110 of them, written and labelled by somebody who
had not seen the shipped words. They were looked at while the rules were made; what questions that
nobody looked at say is in docs/measured.md."""

import pytest

from tests.procedures.search.shipped_index import QUESTIONS, rows, shipped_index

pytestmark = pytest.mark.pure


def test_ask_answers_most_questions_rightly_and_says_so_where_nothing_fits() -> None:
    index, keys = shipped_index()
    first = among_three = real = honest = foreign = 0
    for row in rows(QUESTIONS):
        best = set(row["best"].split())
        found = [keys[hit.key] for hit in index.ask(row["query"], keys.keys()).hits]
        if best:
            real += 1
            first += bool(best & set(found[:1]))
            among_three += bool(best & set(found[:3]))
        else:
            foreign += 1
            honest += not found

    assert (real, foreign) == (92, 18)
    assert first >= 80
    assert among_three >= 84
    assert honest >= 17
