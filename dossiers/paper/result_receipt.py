"""What does the collector of results sign? No circular has a form for it; the paper bears what the
register's columns under "Trả kết quả" ask for (form 07 of TT 03/2025/TT-VPCP, form 06 of
TT 01/2018/TT-VPCP): code, procedure, applicant, address and telephone, when and how it was
returned, and a signature."""

from collections.abc import Sequence
from typing import Any

from dossiers.desk.returns import returning
from dossiers.models import Dossier, Event
from dossiers.paper.forms_01_03 import LOOK, in_words, two_lines
from dossiers.paper.lists import number_in_words
from motcua import clock
from motcua.models import Staff
from motcua.printing import pdf


def receipt(dossiers: Sequence[Dossier], *, by: Staff, copy: int) -> bytes:
    """The results that were handed over to one person, for that person to sign; `copy` says which
    printing it is, or that it is only looked at. The names are those of the day."""
    first = dossiers[0]
    day = first.handed_over_on or clock.today()
    act = (
        first.events.filter(kind=Event.Kind.HAND_OVER)
        .select_related("actor", "office")
        .order_by("pk")
        .last()
    )
    home = act.office if act and act.office else first.return_place
    office = home.on(day)
    taken = returning.fees_taken(dossiers)
    desk = f"{' '.join(office.desk_on(day))} {office.name_in_small}"
    context: dict[str, Any] = {
        "superior": office.header_above.upper()
        or two_lines("Ủy ban nhân dân", office.name_in_small),
        "desk": two_lines(*office.desk_on(day)),
        "desk_words": desk,
        "author": desk,
        "place": office.short_name,
        "dated": day,
        "printed_at": clock.now(),
        "by": by,
        "first": first,
        "moment": in_words(max(row.handed_over_at for row in dossiers if row.handed_over_at)),
        "rows": [(row, returning.thing_of(row), taken.get(row.pk)) for row in dossiers],
        "count_words": number_in_words(len(dossiers)),
        "taken": sum(fee.amount for fee in taken.values()),
        "taken_how": returning.ways_of(taken.values()),
        "clerk": act.actor.display_name if act and act.actor else "",
        "is_look": copy == LOOK,
        "reprint": copy - 1,
    }
    return pdf.render_pdf("paper/result_receipt.html", context)
