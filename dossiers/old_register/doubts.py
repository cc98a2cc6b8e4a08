"""What is unlikely about a line of an old register, though it may be so: somebody looks again.

Decisions that are not in the register's own words:

- Nothing received on a Saturday is doubtful, nor what reached the desk on a Saturday on which the
  same register says that its counter was open. Filed online, a dossier comes on any day.
- Half a year later than the procedure's limit gives is no due date; five years are no act.
- A due date on the very day of receipt is doubtful when the procedure takes longer and no result
  was there on that day.
"""

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from datetime import date, datetime, timedelta

from dossiers.lifecycle.desks import Desks
from dossiers.models import Dossier
from dossiers.old_register.facts import BEFORE, DATES, LONGEST, LineFacts
from dossiers.old_register.known import entry
from dossiers.old_register.lines import Line
from dossiers.old_register.namesakes import indistinct
from dossiers.rules.states import MoveRefused
from motcua import clock
from motcua.models import Office
from motcua.tables import letters
from motcua.tables.cells import as_moment
from motcua.tables.problems import WHOLE_FILE, Problem, Reason
from motcua.tables.verdict import EXTRA, HIDDEN, STRUCK
from procedures.workdays import NoCalendarData

SWAPPED = (
    "{name}: các ô kiểu ngày đều có ngày từ 1 đến 12, các ô kiểu chữ đều có ngày từ 13 trở lên. "
    "Bảng tính có thể đã đổi chỗ ngày và tháng. Hãy đối chiếu vài dòng với sổ."
)
NAMESAKE = (
    "Cùng đơn vị, thủ tục, người nộp và thời điểm tiếp nhận với dòng {}, không có mã hồ sơ hay số "
    "giấy tờ nào phân biệt: hai người trùng tên, hay một hồ sơ ghi hai lần?"
)
NO_NAME = "Tên người nộp “{}” không giống tên của ai. Hãy xem lại."
NO_NAMES = {
    *("true", "false", "nan", "null", "none", "n/a", "x", "xx", "xxx", "test", "chưa có"),
    *("không", "không có", "không rõ", "không biết", "không tên", "chưa rõ", "chưa biết"),
}
TEXTS = ("applicant_name", "address", "note")
MUCH_LATER = timedelta(days=183)
FOR_EVER = timedelta(days=5 * 366)
SATURDAY = 5
_OF_A_PROGRAM = re.compile(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d(?::\d\d)?)?")


def about(read: Sequence[tuple[Line, LineFacts]], desks: Desks) -> Iterator[Problem]:
    """Every doubt about these lines, by themselves and beside each other."""
    saturdays = _open_saturdays(read)
    for line, facts in read:
        for reason in _about_line(line, facts, desks, saturdays):
            yield line.problem(reason)
    lines = {line.number: line for line, _ in read}
    for number, other in indistinct(entry(line, facts) for line, facts in read):
        yield lines[number].problem(Reason(None, NAMESAKE.format(other)))


def _open_saturdays(read: Iterable[tuple[Line, LineFacts]]) -> set[tuple[int, date]]:
    """Office and day of every Saturday on which something was received at a counter."""
    return {
        (facts.intake.office.pk, day)
        for _, facts in read
        if (day := facts.received_at.date()).weekday() == SATURDAY
        and facts.intake.channel != Dossier.Channel.ONLINE
    }


def _about_line(
    line: Line, facts: LineFacts, desks: Desks, saturdays: Set[tuple[int, date]]
) -> Iterator[Reason]:
    for applies, sentence in ((line.hidden, HIDDEN), (line.struck, STRUCK), (line.extra, EXTRA)):
        if applies:
            yield Reason(None, sentence)
    for column in TEXTS:
        cell = line.cells.get(column)
        if isinstance(cell, str) and (
            words := letters.broken_words(cell, is_name=column == "applicant_name")
        ):
            shown = " ".join(words)[:60]
            yield Reason(column, letters.REASON.format(LONGEST[column][1], shown))
    name = facts.intake.applicant_name
    if name.casefold() in NO_NAMES or not any(character.isalpha() for character in name):
        yield Reason("applicant_name", NO_NAME.format(name[:40]))
    yield from facts.doubts
    yield from _unlikely_days(facts, desks, saturdays)
    yield from _unlikely_due_date(facts, desks)
    for column in BEFORE:
        moment = getattr(facts, column)
        if moment is not None and moment - facts.received_at > FOR_EVER:
            yield Reason(column, f"{DATES[column]} {moment:%d/%m/%Y} sau ngày tiếp nhận hơn 5 năm.")


def _unlikely_days(
    facts: LineFacts, desks: Desks, saturdays: Set[tuple[int, date]]
) -> Iterator[Reason]:
    office = facts.intake.office
    by_desk = facts.intake.channel != Dossier.Channel.ONLINE
    acts = (
        ("received_at", facts.received_at if by_desk else None),
        ("supplement_from", facts.supplement_from),
        ("supplement_to", facts.supplement_to if by_desk else None),
        ("resolved_at", facts.resolved_at),
        ("handed_over_at", facts.handed_over_at),
    )
    for column, moment in acts:
        if moment is None or _is_open(desks, office, moment):
            continue
        day = moment.date()
        if day.weekday() == SATURDAY and (column != "resolved_at" or (office.pk, day) in saturdays):
            continue
        why = desks.calendar(office).why(day)
        yield Reason(
            column,
            f"{DATES[column]} {day:%d/%m/%Y} là ngày không làm việc của {office.name} ({why}).",
        )


def _is_open(desks: Desks, office: Office, moment: datetime) -> bool:
    try:
        return bool(desks.calendar(office).sessions_on(moment.date()))
    except NoCalendarData:
        return True


def _unlikely_due_date(facts: LineFacts, desks: Desks) -> Iterator[Reason]:
    due_at, received_at = facts.due_at, facts.received_at
    if due_at is None:
        return
    is_same_day = due_at.date() == received_at.date()
    if not is_same_day and due_at - received_at <= MUCH_LATER:
        return
    try:
        version = desks.version(facts.intake.procedure, received_at.date())
        reckoned = clock.aware(desks.due(facts.intake.office, version, received_at).due_at)
    except (MoveRefused, NoCalendarData):
        reckoned = received_at
    said = f"Ngày hẹn trả {due_at:%d/%m/%Y}"
    if due_at - reckoned > MUCH_LATER:
        yield Reason(
            "due_at", f"{said} muộn hơn thời hạn của thủ tục ({reckoned:%d/%m/%Y}) quá xa."
        )
    ended = facts.resolved_at is not None and facts.resolved_at.date() == due_at.date()
    if is_same_day and not ended and reckoned.date() - due_at.date() > timedelta(days=1):
        yield Reason(
            "due_at",
            f"{said} là ngay ngày tiếp nhận, trong khi thời hạn của thủ tục đến "
            f"{reckoned:%d/%m/%Y}.",
        )


def swapped_days(lines: Iterable[Line]) -> list[Problem]:
    """Columns in which a spreadsheet has taken the day for the month where it could: true dates
    then all have a day up to 12, and what it could not take, a day above 12, stayed text."""
    taken = dict.fromkeys(DATES, 0)
    left = dict.fromkeys(DATES, 0)
    against: set[str] = set()
    for line in lines:
        for column in DATES:
            if column in against or (cell := line.cells.get(column)) is None or cell == "":
                continue
            is_date = not isinstance(cell, str) or _is_written_by_a_program(cell)
            try:
                moment = as_moment(cell)
            except ValueError:
                continue
            if moment is None:
                continue
            if is_date != (moment.day.day <= 12):
                against.add(column)
            (taken if is_date else left)[column] += 1
    return [
        Problem(WHOLE_FILE, SWAPPED.format(name=name), column=column)
        for column, name in DATES.items()
        if column not in against and taken[column] and left[column]
    ]


def _is_written_by_a_program(text: str) -> bool:
    """2016-05-01, or with a time after a space: a spreadsheet's date in a CSV file."""
    return bool(_OF_A_PROGRAM.fullmatch(text.strip()))
