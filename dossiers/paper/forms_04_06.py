"""The papers of the acts on a dossier as PDF: apology, stop notice, control sheet.

Forms 04, 05 and 06 of TT 03/2025/TT-VPCP; forms 04 and 05 of TT 01/2018/TT-VPCP; before them
the contents that QĐ 5157/QĐ-UBND of Ho Chi Minh City (2016) asks of an apology, and the control
sheet named by QĐ 09/2015/QĐ-TTg. Each function returns a tagged PDF in the layout of the
dossier's regime; `copy` says which printing of the paper this is.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from dossiers.desk.later_entries import later_entries_of, words_on_paper
from dossiers.lifecycle import steps, supplements
from dossiers.lifecycle.acts import standing_acts
from dossiers.models import Apology, Dossier, Event, Transfer
from dossiers.models.submitted import without_count
from dossiers.paper.forms_01_03 import (
    common,
    in_words,
    names_of,
    office_of_act,
    papers_in_words,
)
from dossiers.rules.regimes import REGIME_2015, REGIME_2018, REGIME_2025, Form
from dossiers.rules.states import State
from motcua import clock
from motcua.models import Division, Office
from motcua.printing import pdf
from motcua.text import fold
from procedures.models import RequiredPaper
from procedures.offices.solving import solver_of

APOLOGIES = {
    REGIME_2015.key: "paper/apology_2015.html",
    REGIME_2018.key: "paper/apology_2018.html",
    REGIME_2025.key: "paper/apology_2025.html",
}
CONTROLS = {
    REGIME_2015.key: "paper/control_2015.html",
    REGIME_2018.key: "paper/control_2018.html",
    REGIME_2025.key: "paper/control_2025.html",
}
# The printed forms have four blocks; those that nothing happened in yet are filled by hand.
PRINTED_BLOCKS = 4
BLANK_MOMENT = "..... giờ ..... phút, ngày ..... / ..... / ........."
HEAD_OF_OFFICE = "THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ"
DEPUTY = "phó "
# A deputy of these is written without the word for the head: "Phó phòng", "Phó ban".
_HEADED = ("phòng", "ban", "đội", "trạm", "bộ phận")


def apology(dossier: Dossier, letter: Apology, *, copy: int = 1) -> bytes:
    """Form 04: what was promised, why it is late, the new moment, who signs."""
    dated, act = clock.local(letter.apologised_at).date(), letter.opened_by
    solving = _solving_office(dossier).heir_on(dated).on(dated)
    context = common(dossier, Form.APOLOGY, copy, names_of(dossier, dated, act), act=act)
    context |= {
        "letter": letter,
        "dated": dated,
        "whom": _whom(dossier),
        "authority": solving.authority,
        "received": in_words(dossier.received_at),
        "promised": in_words(letter.promised_before),
        "new_due": in_words(letter.new_due_at),
        "stage": stage_before(dossier, letter.opened_by, context["desk_words"]),
        "signer_lines": signer_lines(letter.signer_title or solving.leader_title),
    }
    return pdf.render_pdf(APOLOGIES[dossier.regime.key], context)


def stop_notice(dossier: Dossier, *, copy: int = 1) -> bytes:
    """Form 05: the dossier ended without a result, withdrawn or stopped, and what goes back."""
    ended = _end_of(dossier)
    stopped_at = dossier.resolved_at or ended.happened_at
    dated = clock.local(stopped_at).date()
    actor, home = ended.actor, office_of_act(dossier, ended, dated)
    at_home = actor if actor is not None and actor.office_id == home.pk else None
    asked_by = ended.details.get("asked_by", "")
    context = common(dossier, Form.STOP, copy, names_of(dossier, dated, ended), act=ended)
    context |= {
        "dated": dated,
        "whom": _whom(dossier),
        "received": in_words(dossier.received_at),
        "asked": in_words(ended.happened_at)
        if asked_by or ended.kind == Event.Kind.WITHDRAW
        else "",
        "ways": [(words, value == asked_by) for value, words in Dossier.Channel.choices],
        "reason_lines": [line for line in dossier.result_note.splitlines() if line.strip()],
        "stage": stage_before(dossier, ended, context["desk_words"]),
        "returned": [
            *papers_in_words(dossier.papers.exclude(kind=RequiredPaper.Kind.SHOWN)),
            *_brought_later(dossier),
        ],
        "stopped": in_words(stopped_at),
        "signer": at_home.display_name if at_home is not None else "",
        "later": words_on_paper(later_entries_of(dossier), [ended.kind]),
    }
    return pdf.render_pdf("paper/stop.html", context)


def control_sheet(dossier: Dossier, *, copy: int = 1) -> bytes:
    """The control sheet: every standing hand-over, by whom, to whom, when, in time or not."""
    context = common(dossier, Form.CONTROL, copy, names_of(dossier, dossier.received_on))
    blocks = hand_overs(dossier, context["desk_words"])
    blanks = [Block(blank=True) for _ in range(PRINTED_BLOCKS - len(blocks))]
    context |= {
        "dated": dossier.received_on,
        "received": in_words(dossier.received_at),
        "due": in_words(dossier.due_at),
        "solver": _solver(dossier),
        "partners": "; ".join(_partners(dossier)),
        "blocks": [*blocks, *blanks],
        "blank_moment": BLANK_MOMENT,
        "later": words_on_paper(later_entries_of(dossier)),
    }
    return pdf.render_pdf(CONTROLS[dossier.regime.key], context)


@dataclass(frozen=True)
class Block:
    """One hand-over on the control sheet; what is not known yet is left to the pen."""

    giver: str = ""
    given_at: str = ""
    given_by: str = ""
    receiver: str = ""
    taken_at: str = ""
    taken_by: str = ""
    result: str = ""
    note: str = ""
    blank: bool = False


def hand_overs(dossier: Dossier, desk_words: str) -> list[Block]:
    """The standing hand-overs in their order, and the way back to the desk with the result.

    The result in a block is of the work that the giver had: the side that receives writes it.
    """
    transfers = _standing(dossier)
    blocks = []
    before: Transfer | None = None
    for transfer in transfers:
        blocks.append(_block(transfer, before, dossier, desk_words))
        before = transfer
    if before is not None and dossier.resolved_at is not None and not _at_desk(before, dossier):
        blocks.append(_way_back(before, dossier, desk_words))
    return blocks


def stage_before(dossier: Dossier, event: Event, desk_words: str) -> str:
    """How far the dossier had come when the act came: "đang giải quyết, tại Phòng ..."."""
    place = desk_words
    for transfer in _standing(dossier):
        if transfer.opened_by_id < event.pk:
            place = _place(transfer.to_office, transfer.to_division, dossier, desk_words)
    return f"{State(event.from_state).label}, tại {place}" if event.from_state else f"tại {place}"


def signer_lines(title: str) -> list[str]:
    """The lines over a signature, as NĐ 30/2020/NĐ-CP has them: a deputy signs KT. for the head.

    "Phó Chủ tịch" gives ["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]; no title gives the words of the form.
    """
    title = " ".join(title.split())
    if not title:
        return [HEAD_OF_OFFICE]
    if not title.lower().startswith(DEPUTY):
        return [title.upper()]
    head = title[len(DEPUTY) :]
    if head.lower().startswith(_HEADED):
        head = f"Trưởng {head}"
    return [f"KT. {head.upper()}", title.upper()]


def _standing(dossier: Dossier) -> list[Transfer]:
    return list(
        dossier.transfers.filter(is_void=False).select_related(
            "from_office",
            "from_division__office",
            "to_office",
            "to_division__office",
            "sent_by",
            "taken_by",
            "closed_by__actor",
        )
    )


def _block(transfer: Transfer, before: Transfer | None, dossier: Dossier, desk_words: str) -> Block:
    return Block(
        giver=_place(transfer.from_office, transfer.from_division, dossier, desk_words),
        given_at=_moment(transfer.sent_at),
        given_by=transfer.sent_by.display_name if transfer.sent_by else "",
        receiver=_place(transfer.to_office, transfer.to_division, dossier, desk_words),
        taken_at=_moment(transfer.taken_at),
        taken_by=transfer.taken_by.display_name if transfer.taken_by else "",
        result=_result(before),
        note=transfer.note,
    )


def _way_back(last: Transfer, dossier: Dossier, desk_words: str) -> Block:
    """The result, or the stopped dossier, is at the desk: who recorded it gave or took it."""
    actor = last.closed_by.actor if last.closed_by else None
    name = actor.display_name if actor else ""
    desk = _returning_desk(dossier)
    gave = actor is not None and (actor.office_id != desk.pk or actor.division_id is not None)
    moment = _moment(dossier.resolved_at)
    return Block(
        giver=_place(last.to_office, last.to_division, dossier, desk_words),
        given_at=moment,
        given_by=name if gave else "",
        receiver=_place(desk, None, dossier, desk_words),
        taken_at=moment,
        taken_by="" if gave else name,
        result=_result(last),
        note=dossier.get_outcome_display(),
    )


def _at_desk(transfer: Transfer, dossier: Dossier) -> bool:
    desk = _returning_desk(dossier)
    return transfer.to_division_id is None and transfer.to_office_id == desk.pk


def _returning_desk(dossier: Dossier) -> Office:
    """The desk at which the result arrived: of the office that there was on that day."""
    desk, day = dossier.return_place, dossier.resolved_on
    while desk.successor is not None and day is not None and not desk.exists_on(day):
        desk = desk.successor
    return desk


def _result(transfer: Transfer | None) -> str:
    """How the step ended; one that a merger took to the successor goes on there."""
    if transfer is None or transfer.timeliness is None:
        return ""
    merged = transfer.closed_by is not None and transfer.closed_by.kind == Event.Kind.MERGE
    return "" if merged else transfer.timeliness.label


def _moment(moment: datetime | None) -> str:
    return f"{clock.local(moment):%H giờ %M phút, ngày %d/%m/%Y}" if moment is not None else ""


def _place(office: Office, division: Division | None, dossier: Dossier, desk_words: str) -> str:
    """A division by its name, with its office where that is another; a desk by the form's words."""
    if division is not None:
        return division.name if office == dossier.office else f"{division.name}, {office.authority}"
    return desk_words if office == dossier.receiver else office.desk_name


def _brought_later(dossier: Dossier) -> list[str]:
    acts = standing_acts(dossier)
    asked = dossier.supplements.filter(is_void=False)
    listed = {fold(paper.bare_name) for paper in dossier.papers.all()}
    came = (
        paper
        for each in asked
        for turn in supplements.arrivals(each, acts)
        for paper in turn.papers
    )
    return [name for name in dict.fromkeys(came) if fold(without_count(name)) not in listed]


def _whom(dossier: Dossier) -> str:
    organisation = dossier.applicant_kind == Dossier.ApplicantKind.ORGANISATION
    return "quý tổ chức" if organisation else "ông (bà)"


def _end_of(dossier: Dossier) -> Event:
    """The act that withdrew or stopped the dossier; an undone one is never the latest here."""
    kinds = (Event.Kind.WITHDRAW, Event.Kind.STOP)
    return dossier.events.filter(kind__in=kinds).select_related("actor").latest("pk")


def _solving_office(dossier: Dossier) -> Office:
    """The People's Committee that solves: of the procedure's level on the dossier's line."""
    office: Office | None = dossier.office
    while office is not None and office.level != dossier.procedure.level:
        office = office.parent
    return office or dossier.office


def _solver(dossier: Dossier) -> str:
    authority, division = _solving_office(dossier).authority, _solving_division(dossier)
    return f"{division}, {authority}" if division else authority


def _solving_division(dossier: Dossier) -> str:
    """As it was called, and which it was, when the dossier was received."""
    office = _solving_office(dossier)
    return solver_of(dossier.procedure, dossier.version, office, dossier.received_on).words


def _partners(dossier: Dossier) -> Iterable[str]:
    """Who else has a hand in it: the divisions and offices that had it or will have it."""
    own, solving = (dossier.office_id, None), _solving_division(dossier)
    return dict.fromkeys(
        _place(office, division, dossier, "")
        for office, division in _hands(dossier)
        if (office.pk, division.pk if division else None) != own
        and (division is None or division.name != solving)
    )


def _hands(dossier: Dossier) -> Iterator[tuple[Office, Division | None]]:
    for transfer in _standing(dossier):
        yield transfer.to_office, transfer.to_division
    ways = steps.Ways([dossier])
    for step in dossier.version.steps.all() if dossier.is_open else ():
        office, division = ways.place_of(step, dossier)
        if office is not None:
            yield office, division
