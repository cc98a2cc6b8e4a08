"""The paper with the date that is promised once the papers of a supplement have come.

No circular has a form for it: the first slip is never rewritten, so this one stands beside it and
says what the first promise was, what was asked for, what came and when, and the date that follows
with its reason. Its names are those of its first print.
"""

from dossiers.desk.later_entries import later_entries_of, words_on_paper
from dossiers.lifecycle import due_dates, supplements
from dossiers.lifecycle.acts import standing_acts
from dossiers.models import Dossier, Event, Pause, SupplementRequest
from dossiers.paper.forms_01_03 import (
    Names,
    back_lines,
    common,
    in_words,
    kept_names,
    names_of,
)
from dossiers.rules.regimes import Form, SupplementPolicy
from motcua import clock
from motcua.printing import pdf
from motcua.templatetags.motcua_tags import vn_date_long

# A paper of more lines than this is set smaller, so that its front stays one page.
LINES_ON_FRONT = 6


def new_date(dossier: Dossier, request: SupplementRequest, *, copy: int = 1) -> bytes:
    """The new date after the n-th request, A5, with the count of the days on the back."""
    promised_at, due = due_dates.after_supplement(dossier, request)
    arrivals = supplements.arrivals(request, standing_acts(dossier))
    later = _entered_later(dossier, request)
    context = common(dossier, Form.NEW_DATE, copy, new_date_names(dossier, request)) | {
        "number": "",
        "asked": request,
        "asked_at": in_words(request.asked_at),
        "dated": clock.local(request.arrived_at).date() if request.arrived_at else "",
        "first": in_words(due_dates.on_the_slip(dossier)),
        "received": in_words(dossier.received_at),
        "arrivals": [(in_words(arrival.at), arrival.words) for arrival in arrivals],
        "arrived": in_words(request.arrived_at),
        "not_brought": "; ".join(supplements.not_brought(request, arrivals)),
        "later": later,
        "dense": len(request.item_lines) + 2 * len(arrivals) + len(later) > LINES_ON_FRONT,
        "promised": in_words(promised_at),
        "why": why(dossier, request),
        "back": back_lines(due),
    }
    return pdf.render_pdf("paper/new_date.html", context)


def _entered_later(dossier: Dossier, request: SupplementRequest) -> list[str]:
    """Of the acts that the date hangs on: the request, the arrival, a correction of the receipt."""
    on_it = (request.opened_by_id, request.closed_by_id)
    return words_on_paper(
        entry
        for entry in later_entries_of(dossier)
        if entry.event.pk in on_it or entry.event.kind == Event.Kind.CORRECT
    )


def new_date_names(dossier: Dossier, request: SupplementRequest) -> Names:
    """Of its first print, else of its day, with the clerk who took the papers."""
    clerk = request.closed_by.actor if request.closed_by else None
    arrived_on = clock.local(request.arrived_at).date() if request.arrived_at else None
    kept = kept_names(dossier, f"{supplements.NEW_DATE}-{request.number}")
    return kept or names_of(dossier, arrived_on, clerk=clerk)


def why(dossier: Dossier, request: SupplementRequest) -> str:
    """Why the date is another than the one on the slip."""
    policy = due_dates.policy_of(dossier, Pause.Kind.SUPPLEMENT)
    regime = dossier.regime
    source = f" (theo {regime.act})" if policy is regime.supplement_policy else ""
    asked, arrived = clock.local(request.asked_at), request.arrived_at
    until = f" đến {vn_date_long(clock.local(arrived))}" if arrived else ""
    stood = f"Từ {vn_date_long(asked)}{until} hồ sơ chờ bổ sung nên thời hạn dừng"
    if policy is SupplementPolicy.RESTART:
        limit = dossier.version.limit_words
        return f"{stood}; nhận xong giấy tờ thì thời hạn {limit} tính lại từ đầu{source}."
    return f"{stood}; nhận xong giấy tờ thì thời hạn tính tiếp, thêm thời gian đã chờ{source}."
