"""The papers of the desk as PDF: forms 01, 02 and 03 in the layout of the dossier's regime.

Fields stand in the order and with the words of the form (TT 03/2025 and TT 01/2018, phụ lục
with the forms; before them the slips that desks printed under QĐ 09/2015). Each function
returns a tagged PDF. `copy` says which printing of the paper this is: from the second on, the
paper says that it is a reprint.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from dossiers.desk.later_entries import later_entries_of, words_on_paper
from dossiers.lifecycle import due_dates
from dossiers.models import (
    Dossier,
    Event,
    SubmittedPaper,
    SupplementRequest,
    first_decision,
    receiver_of,
)
from dossiers.rules.deadlines import Due
from dossiers.rules.regimes import REGIME_2015, REGIME_2018, REGIME_2025, Form
from dossiers.rules.weeks import DayLine
from motcua import clock
from motcua.models import Office, ReceptionPoint, Staff
from motcua.printing import pdf
from motcua.printing.barcodes import code128_svg, qr_svg
from motcua.templatetags.motcua_tags import vn_date_long
from procedures.models import RequiredPaper
from procedures.opening import opening_hours
from procedures.workdays import NoCalendarData

SLIPS = {
    REGIME_2015.key: "paper/slip_2015.html",
    REGIME_2018.key: "paper/slip_2018.html",
    REGIME_2025.key: "paper/slip_2025.html",
}
# As many lines as the back of an A5 slip holds; a longer count is told in runs of days.
LINES_ON_BACK = 34
# Forms 02 and 03 have no book of their own: their number is written by hand.
DOTS = "........"
NO_BREAK_SPACE = "\u00a0"
# A slip of more lines than this is set smaller, so that its front stays one page.
LINES_ON_FRONT = 14
CHARACTERS_ON_LINE = 66

LOOK = 0
"""In the place of a copy's number: a paper to look at, which is no copy."""

Named = TypeVar("Named", Office, Staff)

_DESK_2015 = ("Bộ phận một cửa - Tiếp nhận", "hồ sơ và trả kết quả")


def slip(dossier: Dossier, *, copy: int = 1, two_copies: bool = False) -> bytes:
    """Form 01: A5, with the count of the days on the back where the office wants one; or two copies
    on one A4 landscape.

    The time that it promises is `promises.on_the_slip`, whatever has moved it since.
    """
    context = slip_context(dossier, copy=copy, two_copies=two_copies)
    return pdf.render_pdf(SLIPS[dossier.regime.key], context)


def slip_context(dossier: Dossier, *, copy: int = 1, two_copies: bool = False) -> dict[str, Any]:
    """What stands on form 01, read from the database."""
    promised = due_dates.on_the_slip(dossier)
    papers = list(dossier.papers.all())
    names = slip_names(dossier)
    has_back = dossier.receiver.days_on_slip and not two_copies
    return common(dossier, Form.SLIP, copy, names) | {
        "desk_address": names.address,
        "desk_hours": names.hours,
        "received": in_words(dossier.received_at),
        "effective": in_words(dossier.effective_at) if _differs(dossier) else "",
        "promised": in_words(promised),
        "book_year": dossier.received_on.year if dossier.received_on else "",
        "listed": papers_in_words(p for p in papers if p.required_id is not None),
        "unlisted": papers_in_words(p for p in papers if p.required_id is None),
        "dense": _lines(dossier, papers, names) > LINES_ON_FRONT,
        "two_copies": two_copies,
        "sheets": _sheets(dossier, two_copies),
        "back": back_lines(_explained(dossier, promised)) if has_back else [],
        "later": words_on_paper(later_entries_of(dossier), [Event.Kind.CORRECT]),
    }


@dataclass(frozen=True)
class Names:
    """What a paper calls the office, its desk, its place and the clerk. A slip printed again
    bears those of its first print; a telephone is always today's, since it is there to be rung."""

    office: str
    desk: Sequence[str]
    which: str
    place: str
    clerk: str
    superior: str = ""
    """The upper line of the head, where it is not the committee of the office."""
    solver: str = ""
    """The office that solves, where the desk received for another."""
    point: str = ""
    """The point at which it was received, with its address."""
    returned: str = ""
    """Where the result is returned, if not at the desk that received."""
    address: str = ""
    """Where the desk is, and when it is open."""
    hours: str = ""

    @property
    def desk_words(self) -> str:
        return f"{' '.join(self.desk)} {self.office}"

    @property
    def return_words(self) -> str:
        return self.returned or self.desk_words


def slip_names(dossier: Dossier) -> Names:
    """The names on the slip: those of its first print, of today where there was none. A print from
    before names were kept bore what the offices' and the staff's history say of its moment."""
    kept = kept_names(dossier, "slip")
    if kept is not None:
        return kept
    first = _prints(dossier, "slip").first()
    if first is not None:
        return names_on(dossier, first.happened_at)
    return names_of(dossier, clock.local(dossier.received_at or dossier.submitted_at).date())


def kept_names(dossier: Dossier, paper: str) -> Names | None:
    """The names that were kept with the first print of this paper."""
    kept = _prints(dossier, paper).filter(details__has_key="names").first()
    return Names(**kept.details["names"]) if kept is not None else None


def _prints(dossier: Dossier, paper: str) -> QuerySet[Event]:
    return dossier.events.filter(kind=Event.Kind.PRINT, details__paper=paper).order_by("pk")


def names_of(
    dossier: Dossier, day: date | None, act: Event | None = None, clerk: Staff | None = None
) -> Names:
    """The names of the paper's day, of the office that did the act of which it tells; today's
    without a day. The clerk is who received it, unless another gives the paper out."""
    day = day or clock.today()
    office = office_of_act(dossier, act, day).on(day)
    return _names(dossier, office, clerk or receiver_of(dossier), day)


def office_of_act(dossier: Dossier, act: Event | None, day: date) -> Office:
    """Who had the dossier on the day: the solver, where its people did the act; otherwise the
    desk that received it."""
    solver, receiver = dossier.office.heir_on(day), dossier.receiver.heir_on(day)
    is_solvers = act is not None and act.office_id in (dossier.office_id, solver.pk)
    return solver if is_solvers else receiver


def names_on(dossier: Dossier, moment: datetime) -> Names:
    clerk = receiver_of(dossier)
    office = _as_of(dossier.receiver, moment)
    return _names(dossier, office, clerk and _as_of(clerk, moment), clock.local(moment).date())


def _as_of(named: Named, moment: datetime) -> Named:
    """The office or person as it was then; as it is, where the history does not reach so far."""
    try:
        then: Named = named.history.as_of(moment)
    except type(named).DoesNotExist:
        return named
    return then


def _names(dossier: Dossier, office: Office, clerk: Staff | None, day: date) -> Names:
    # The desk is called as in the rules that the dossier is under.
    desk = office.desk_on(dossier.regime.since)
    return Names(
        office=office.name_in_small,
        desk=desk,
        # The forms of 2025 name a centre and, in brackets, a desk; a paper is from one of them.
        which="TTPVHCC" if "Trung tâm" in desk[0] else "BPTNTKQ",
        place=office.short_name,
        clerk=clerk.display_name if clerk else "",
        superior=office.header_above,
        solver=dossier.office.authority if dossier.is_elsewhere else "",
        point=_place_words(dossier.point),
        returned=_returned(dossier),
        address=office.address,
        hours="; ".join(f"{line.days} {line.hours}" for line in opening_hours(office, day)),
    )


def _returned(dossier: Dossier) -> str:
    if dossier.return_point is not None:
        return f"{_place_words(dossier.return_point)}, {dossier.return_place.name_in_small}"
    if dossier.return_office is None:
        return ""
    desk = " ".join(dossier.return_office.desk_on(dossier.regime.since))
    return f"{desk} {dossier.return_office.name_in_small}"


def _place_words(point: ReceptionPoint | None) -> str:
    return f"{point.name} ({point.address})" if point is not None else ""


def supplement(dossier: Dossier, request: SupplementRequest, *, copy: int = 1) -> bytes:
    """Form 02: what to bring, why, whom to ask."""
    dated = clock.local(request.asked_at).date()
    act = request.opened_by
    context = common(dossier, Form.SUPPLEMENT, copy, names_of(dossier, dated, act), act=act) | {
        "asked": request,
        "dated": dated,
        "guide": request.opened_by.actor,
        "later": words_on_paper(
            entry for entry in later_entries_of(dossier) if entry.event == request.opened_by
        ),
    }
    return pdf.render_pdf("paper/supplement.html", context)


def refusal(dossier: Dossier, *, copy: int = 1) -> bytes:
    """Form 03: not received, or not solved, and why."""
    declined = first_decision(dossier)
    refused_at = dossier.resolved_at or (declined and declined.happened_at) or dossier.submitted_at
    dated = clock.local(refused_at).date()
    names = names_of(dossier, dated, declined)
    context = common(dossier, Form.REFUSAL, copy, names, act=declined) | {
        "dated": dated,
        "reason_lines": [line for line in dossier.result_note.splitlines() if line.strip()],
        "later": words_on_paper(later_entries_of(dossier), [Event.Kind.RESOLVE]),
    }
    return pdf.render_pdf("paper/refusal.html", context)


def in_words(moment: datetime | None) -> str:
    """A moment as the forms write it: "09 giờ 05 phút, ngày 04 tháng 02 năm 2016"."""
    if moment is None:
        return ""
    local = clock.local(moment)
    return f"{local:%H} giờ {local:%M} phút, {vn_date_long(local)}"


@dataclass(frozen=True)
class BackLine:
    """A day, or a run of days of one kind, on the back of the slip."""

    first: date
    last: date
    counted: bool
    why: str

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def back_lines(due: Due | None) -> list[BackLine]:
    """Each day from receipt to due date, counted or not, and why; a long count in runs."""
    if due is None:
        return []
    if len(due.days) <= LINES_ON_BACK:
        return [BackLine(day.date, day.date, day.counted, day.why) for day in due.days]
    return [_run(list(days)) for _, days in groupby(due.days, key=_kind_of_day)]


def _run(days: list[DayLine]) -> BackLine:
    why = days[0].why
    if days[0].counted and len(days) > 1:
        why = f"{why} đến {days[-1].why.rpartition(' ')[2]}"
    return BackLine(days[0].date, days[-1].date, days[0].counted, why)


def _kind_of_day(day: DayLine) -> tuple[bool, str]:
    return day.counted, "" if day.counted else day.why


def common(
    dossier: Dossier, form: Form, copy: int, names: Names, *, act: Event | None = None
) -> dict[str, Any]:
    """What every paper says, with these names; the telephone is that of who has it today, of the
    offices that did the `act` of which it tells."""
    regime = dossier.regime
    address = f"{settings.MOTCUA_BASE_URL}{reverse('lookup')}?{urlencode({'ma': dossier.code})}"
    tail = regime.forms[form].number_tail.replace("TTPVHCC (BPTNTKQ)", names.which)
    number = dossier.book_number if form is Form.SLIP and dossier.book_number else DOTS
    return {
        "dossier": dossier,
        "office": office_of_act(dossier, act, clock.today()),
        "solving_office": names.solver,
        "reception_point": names.point,
        "return_words": names.return_words,
        "regime": regime,
        "title": regime.forms[form].title,
        "superior": names.superior.upper() or two_lines("Ủy ban nhân dân", names.office),
        "desk": two_lines(*(_DESK_2015 if regime is REGIME_2015 else names.desk)),
        "desk_words": names.desk_words,
        "number": f"Số: {number}/{tail}" if tail else f"Số: {number}",
        "place": names.place,
        "dated": clock.local(dossier.received_at or dossier.submitted_at).date(),
        "author": names.desk_words,
        "clerk": names.clerk,
        "signs": dossier.submitter_name or dossier.applicant_name,
        "is_look": copy == LOOK,
        "reprint": copy - 1,
        "printed_at": clock.now(),
        "look_up": address,
        "qr": qr_svg(address),
        "barcode": code128_svg(dossier.code),
    }


def two_lines(first: str, second: str) -> SafeString:
    return format_html("{}<br>{}", first.upper(), second.upper())


def _sheets(dossier: Dossier, two_copies: bool) -> list[str]:
    """What each copy is called. One copy alone is the citizen's; since 2025 they have no names."""
    if dossier.regime is REGIME_2025:
        return ["", ""] if two_copies else [""]
    whose = "công dân" if dossier.regime is REGIME_2015 else "tổ chức, cá nhân"
    given = f"Liên 2: Giao cho {whose}"
    return ["Liên 1: Lưu", given] if two_copies else [given]


def _lines(dossier: Dossier, papers: list[SubmittedPaper], names: Names) -> int:
    """About how many lines the front of the slip takes, beside those that every slip has."""
    texts = [dossier.applicant_name, dossier.address, dossier.subject_words]
    texts += filter(None, [names.address, names.hours])
    texts += [f"{paper.name} {paper.copies:02} bản chính" for paper in papers]
    if dossier.submitter_name:
        texts += [dossier.submitter_name, dossier.submitter_address, dossier.authority_paper]
        texts += ["", ""]
    # These stand behind words of their own on a line that is there anyway.
    more = 2 * len(dossier.email) // CHARACTERS_ON_LINE
    more += len(dossier.return_address) // CHARACTERS_ON_LINE
    more += 2 * _differs(dossier)
    return sum(1 + len(text) // CHARACTERS_ON_LINE for text in texts) + more


def _differs(dossier: Dossier) -> bool:
    """Received at a time at which the limit does not yet run: the slip shows both times."""
    return dossier.effective_at is not None and dossier.effective_at != dossier.received_at


def _explained(dossier: Dossier, promised: datetime | None) -> Due | None:
    """The count that leads to the promise; none when the calendar now would lead elsewhere, or
    when the date was copied from an old register: no slip explains a date it does not promise."""
    if dossier.received_at is None or promised is None:
        return None
    try:
        due = due_dates.reckon(
            dossier.office, dossier.version, dossier.received_at, desk=dossier.receiver
        )
    except NoCalendarData:
        return None
    return due if due.due_at == clock.naive_local(promised) else None


def papers_in_words(papers: Iterable[SubmittedPaper]) -> list[str]:
    """Each paper as it was handed in: "Đơn đề nghị (01 bản chính)". What the catalogue asks for
    at the end of its name, "(01 bản)", gives way to it."""
    return [_paper_in_words(paper) for paper in papers]


def _paper_in_words(paper: SubmittedPaper) -> str:
    if paper.kind == RequiredPaper.Kind.SHOWN:
        return paper.name if "xuất trình" in paper.name.lower() else f"{paper.name} (xuất trình)"
    count = f"({paper.copies:02} {paper.get_kind_display()})".replace(" ", NO_BREAK_SPACE)
    return f"{paper.bare_name} {count}"
