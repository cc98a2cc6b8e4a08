"""Lines of an old register that stand in the database already, or may do so.

A line is there for certain when its code is, or when a namesake of the same moment has all that the
line says. Different numbers tell two people apart. Where one of them has none, or the line says
anything else otherwise, somebody looks.
"""

import unicodedata
from collections import defaultdict
from datetime import datetime
from typing import Any

from dossiers.lifecycle.codes import identity_code
from dossiers.models import Dossier
from dossiers.old_register.facts import LineFacts
from dossiers.old_register.lines import Line
from dossiers.old_register.namesakes import TypedLine
from dossiers.rules.codes import code_key, may_be_issued
from motcua import clock
from motcua.tables.problems import Problem, Reason

ALREADY_THERE = (
    "Đã có trong chương trình, mã {}: cùng đơn vị, thủ tục, người nộp và thời điểm tiếp nhận, các "
    "ô khác cũng không khác gì. Nếu là người khác thì ghi thêm số giấy tờ của người đó."
)
PERHAPS_THERE = (
    "Có thể đã có trong chương trình với mã {}: cùng đơn vị, thủ tục, người nộp và thời điểm "
    "tiếp nhận, chỉ khác mã."
)
PERHAPS_SAME = (
    "Có thể đã có trong chương trình với mã {}: cùng đơn vị, thủ tục, người nộp và thời điểm "
    "tiếp nhận, chỉ khác {}. Nếu là hai người trùng tên thì nhận dòng này."
)
# What a line may say otherwise than a dossier, by the dossier's own names. Its due date moves.
OTHERS = {
    "applicant_id": "số giấy tờ",
    "phone": "số điện thoại",
    "address": "địa chỉ",
    "channel": "hình thức nộp",
    "note": "ghi chú",
    "resolved_at": "ngày có kết quả",
    "outcome": "kết quả",
    "handed_over_at": "ngày trả kết quả",
}
AT_ONCE = 500  # values in one question to the database

Who = tuple[int, int, str, datetime]


def who(facts: LineFacts) -> Who:
    """What namesakes have in common: office, procedure, name and moment."""
    intake = facts.intake
    name = intake.applicant_name.casefold()
    return (intake.office.pk, intake.procedure.pk, name, facts.received_at)


def entry(line: Line, facts: LineFacts) -> TypedLine:
    """Within one file the name is the one that was typed, in whatever case, composed or not, with
    whatever spaces; characters that nobody sees tell it from another."""
    office, procedure, _, moment = who(facts)
    typed = " ".join(str(line.cells.get("applicant_name")).split())
    typed = unicodedata.normalize("NFC", unicodedata.normalize("NFC", typed).casefold())
    alike = (office, procedure, typed, moment)
    return TypedLine(line.number, alike, facts.code, facts.intake.applicant_id)


def already_there(
    good: list[tuple[Line, LineFacts]],
) -> tuple[list[Problem], list[Problem]]:
    """The lines that stand in the database, and those that may: beside a namesake of the same
    moment, where no code of a book and no number tells them apart."""
    if not good:
        return [], []
    there = _by_code(good)
    namesakes: defaultdict[Who, list[tuple[Line, LineFacts]]] = defaultdict(list)
    for line, facts in good:
        namesakes[who(facts)].append((line, facts))
    perhaps: dict[int, Problem] = {}
    days = [facts.received_at.date() for _, facts in good]
    rows = Dossier.objects.filter(
        office__in={facts.intake.office.pk for _, facts in good},
        received_on__range=(min(days), max(days)),
    ).order_by()
    names = ("office_id", "procedure_id", "applicant_name", "received_at", "code", *OTHERS)
    for office, procedure, name, moment, code, *others in rows.values_list(*names).iterator():
        if moment is None:
            continue  # never: who has a day of receipt has its moment
        kept = dict(zip(OTHERS, others, strict=True))
        for line, facts in namesakes.get(
            (office, procedure, name.casefold(), clock.local(moment)), ()
        ):
            if line.number in there or _differ(facts.intake.applicant_id, kept["applicant_id"]):
                continue
            if not facts.code and not (unlike := _unlike(facts, kept)):
                reason = Reason(None, ALREADY_THERE.format(code))
                there[line.number] = line.problem(reason)
            elif not facts.code:
                reason = Reason(None, PERHAPS_SAME.format(code, ", ".join(unlike)))
                perhaps[line.number] = line.problem(reason)
            elif _is_issued(facts, facts.code) != _is_issued(facts, code):
                reason = Reason("receipt_code", PERHAPS_THERE.format(code))
                perhaps[line.number] = line.problem(reason)
    return (
        [there[number] for number in sorted(there)],
        [problem for number, problem in perhaps.items() if number not in there],
    )


def _unlike(facts: LineFacts, kept: dict[str, Any]) -> list[str]:
    """What the line says otherwise than the dossier, in words. An act that the line does not yet
    know may have come since."""
    intake = facts.intake
    texts = {name: getattr(intake, name) for name in ("phone", "address", "channel", "note")}
    said = {"applicant_id": intake.applicant_id} | texts
    differing = {name for name, text in said.items() if text != kept[name]}
    acts = ("resolved_at", "outcome", "handed_over_at")
    done = {name: value for name in acts if (value := getattr(facts, name))}
    differing |= {name for name, value in done.items() if value != kept[name]}
    return [words for name, words in OTHERS.items() if name in differing]


def _by_code(good: list[tuple[Line, LineFacts]]) -> dict[int, Problem]:
    there = {}
    by_key = {code_key(facts.code): line for line, facts in good if facts.code}
    keys = list(by_key)
    for first in range(0, len(keys), AT_ONCE):
        taken = Dossier.objects.filter(code_key__in=keys[first : first + AT_ONCE])
        for key, code in taken.values_list("code_key", "code"):
            line = by_key[key]
            reason = Reason("receipt_code", f"Mã hồ sơ {code} đã có trong chương trình.")
            there[line.number] = line.problem(reason)
    return there


def _differ(one: str, other: str) -> bool:
    return bool(one and other and one != other)


def _is_issued(facts: LineFacts, code: str) -> bool:
    """Whether the office's program may have issued the code."""
    start = code_key(identity_code(facts.intake.office))
    key = code_key(code)
    return key.startswith(start) and may_be_issued(key.removeprefix(start))
