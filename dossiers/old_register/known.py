"""Lines of an old register that stand in the database already, or may do so."""

from collections import defaultdict
from datetime import datetime

from dossiers.lifecycle.codes import identity_code
from dossiers.models import Dossier
from dossiers.old_register.facts import LineFacts
from dossiers.old_register.lines import Line
from dossiers.old_register.namesakes import TypedLine
from dossiers.old_register.problems import Problem, Reason
from dossiers.rules.codes import code_key, may_be_issued
from motcua import clock

ALREADY_THERE = (
    "Đã có trong chương trình, mã {}: cùng đơn vị, thủ tục, người nộp và thời điểm tiếp nhận."
)
PERHAPS_THERE = (
    "Có thể đã có trong chương trình với mã {}: cùng đơn vị, thủ tục, người nộp và thời điểm "
    "tiếp nhận, chỉ khác mã."
)
AT_ONCE = 500  # values in one question to the database

Who = tuple[int, int, str, datetime]


def who(facts: LineFacts) -> Who:
    """What namesakes have in common: office, procedure, name and moment."""
    intake = facts.intake
    name = intake.applicant_name.casefold()
    return (intake.office.pk, intake.procedure.pk, name, facts.received_at)


def entry(line: Line, facts: LineFacts) -> TypedLine:
    """Within one file the name is the one that was typed, letter by letter."""
    office, procedure, _, moment = who(facts)
    typed = str(line.cells.get("applicant_name")).casefold()
    alike = (office, procedure, typed, moment)
    return TypedLine(line.number, alike, facts.code, facts.intake.applicant_id)


def already_there(
    good: list[tuple[Line, LineFacts]],
) -> tuple[list[Problem], list[Problem]]:
    """The lines that stand in the database, and those that may: of a namesake at the same moment
    with another code, where the program may have issued one of the two."""
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
    for office, procedure, name, moment, code, number in rows.values_list(
        "office_id", "procedure_id", "applicant_name", "received_at", "code", "applicant_id"
    ).iterator():
        if moment is None:
            continue  # never: who has a day of receipt has its moment
        for line, facts in namesakes.get(
            (office, procedure, name.casefold(), clock.local(moment)), ()
        ):
            if line.number in there or _differ(facts.intake.applicant_id, number):
                continue
            if not facts.code:
                reason = Reason(None, ALREADY_THERE.format(code))
                there[line.number] = line.problem(reason)
            elif _is_issued(facts, facts.code) != _is_issued(facts, code):
                reason = Reason("receipt_code", PERHAPS_THERE.format(code))
                perhaps[line.number] = line.problem(reason)
    return [there[number] for number in sorted(there)], list(perhaps.values())


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
