"""Lists of dossiers on paper that no circular has a form for: what two people sign when dossiers
are handed over, and whom to call because a result is ready."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.template.loader import render_to_string

from dossiers.desk.handed_lists import HandedLine, HandedRow
from dossiers.models import Dossier
from dossiers.paper.forms_01_03 import LOOK, two_lines
from motcua import clock
from motcua.models import Office, Staff
from motcua.printing import pdf

AT_ONCE = 40
"""Rows of about three pages. What is longer is drawn apart, so that no slip waits for it."""
_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


def handed_list(line: HandedLine, rows: Sequence[HandedRow], *, by: Staff, copy: int) -> bytes:
    """What one place handed to another on a day, for both to sign. A side of which one person
    alone did all of it is named under the signature; otherwise the pen names it. `copy` says
    which printing of the list this is, or that it is only looked at."""
    place = line.headed_by
    context = _heads(place.office, line.day) | {
        "line": line,
        "rows": rows,
        "left_out": line.count - len(rows),
        "count_words": number_in_words(len(rows)),
        "giver": _only(row.given_by for row in rows),
        "taker": _only(row.taken_by for row in rows),
        "by": by,
        "is_look": copy == LOOK,
        "reprint": copy - 1,
    }
    if place.division is not None:
        context["desk"] = place.division.name.upper()
    return _drawn("paper/handed_list.html", context, len(rows))


def call_list(office: Office, dossiers: Sequence[Dossier], *, total: int, by: Staff) -> bytes:
    """Whom to tell that the result is ready, the longest waiting first."""
    context = _heads(office, clock.today()) | {
        "rows": dossiers,
        "left_out": total - len(dossiers),
        "count_words": number_in_words(len(dossiers)),
        "by": by,
    }
    return _drawn("paper/call_list.html", context, len(dossiers))


def number_in_words(number: int) -> str:
    """A number below a thousand as a paper writes it beside its digits.

    >>> number_in_words(125)
    'một trăm hai mươi lăm'
    """
    if not 0 <= number < 1000:
        raise ValueError(f"{number} is no number below a thousand.")
    hundreds, rest = divmod(number, 100)
    if not hundreds:
        return _below_hundred(rest)
    words = f"{_DIGITS[hundreds]} trăm"
    if not rest:
        return words
    return f"{words} linh {_DIGITS[rest]}" if rest < 10 else f"{words} {_below_hundred(rest)}"


def _below_hundred(number: int) -> str:
    tens, ones = divmod(number, 10)
    if not tens:
        return _DIGITS[ones]
    words = "mười" if tens == 1 else f"{_DIGITS[tens]} mươi"
    if not ones:
        return words
    last = {1: "mốt" if tens > 1 else "một", 5: "lăm"}.get(ones, _DIGITS[ones])
    return f"{words} {last}"


def _drawn(template: str, context: dict[str, Any], rows: int) -> bytes:
    html = render_to_string(template, context)
    if rows > AT_ONCE:
        return pdf.print_apart(html, stylesheet="paper.css")
    return pdf.print_html(html).pdf


def _heads(office: Office, day: date) -> dict[str, Any]:
    return {
        "superior": office.header_above.upper()
        or two_lines("Ủy ban nhân dân", office.name_in_small),
        "desk": two_lines(*office.desk_on(day)),
        "place": office.short_name,
        "dated": day,
        "printed_at": clock.now(),
        "author": f"{' '.join(office.desk_on(day))} {office.name_in_small}",
    }


def _only(people: Iterable[Staff | None]) -> str:
    """The name of the one person; empty where there are several, or somebody is not known."""
    found = set(people)
    one = found.pop() if len(found) == 1 else None
    return one.display_name if one is not None else ""
