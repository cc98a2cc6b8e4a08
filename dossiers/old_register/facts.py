"""One line of an old register: its cells read, and every reason why it cannot be so."""

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import QuerySet

from dossiers.converters import CodeConverter
from dossiers.lifecycle.codes import identity_code
from dossiers.lifecycle.desks import Desks
from dossiers.lifecycle.intake import Intake
from dossiers.models import Dossier
from dossiers.old_register import numbers
from dossiers.old_register.lines import Line
from dossiers.old_register.numbers import Number
from dossiers.rules.codes import code_key, may_be_issued
from motcua import clock
from motcua.models import Office
from motcua.tables.cells import Moment, UnreadableDate, as_moment
from motcua.tables.problems import Reason
from motcua.tables.verdict import unreadable
from motcua.text import fold
from procedures.models import Procedure
from procedures.workdays import NoCalendarData

DATES = {
    "received_at": "Ngày tiếp nhận",
    "due_at": "Ngày hẹn trả",
    "supplement_from": "Ngày yêu cầu bổ sung",
    "supplement_to": "Ngày nhận bổ sung",
    "resolved_at": "Ngày có kết quả",
    "handed_over_at": "Ngày trả kết quả",
}
# Each act with the ones before it, the nearest first.
BEFORE = {
    "supplement_from": ("received_at",),
    "supplement_to": ("supplement_from", "received_at"),
    "resolved_at": ("supplement_to", "supplement_from", "received_at"),
    "handed_over_at": ("resolved_at",),
}
LONGEST = {
    "applicant_name": (200, "Tên người nộp"),
    "applicant_id": (20, "Số giấy tờ"),
    "phone": (20, "Số điện thoại"),
    "address": (250, "Địa chỉ"),
    "note": (2000, "Ghi chú"),
}
OPENS, CLOSES = time(7), time(17)
LONGEST_CODE = 60
_OWN_SERIES = re.compile(r"(.+)-(\d{6})-([0-9A-Z]+)")


@dataclass(frozen=True)
class LineFacts:
    """What a good line says; moments are aware, in Asia/Ho_Chi_Minh."""

    intake: Intake
    code: str
    received_at: datetime
    due_at: datetime | None
    supplement_from: datetime | None
    supplement_to: datetime | None
    resolved_at: datetime | None
    outcome: str
    handed_over_at: datetime | None
    doubts: tuple[Reason, ...] = ()
    """What is unlikely about its numbers."""


class FactsReader:
    """Reads lines one by one, with offices and procedures at hand."""

    def __init__(self, desks: Desks, allowed: QuerySet[Office] | None) -> None:
        self.desks = desks
        offices = Office.objects.filter(is_hidden=False).select_related("parent__parent")
        self.offices: dict[str, list[Office]] = defaultdict(list)
        for office in offices.order_by("-exists_from"):
            self.offices[office.code].append(office)
        self.allowed = None if allowed is None else set(allowed.values_list("pk", flat=True))
        self.procedures = {
            procedure.key: procedure
            for procedure in Procedure.objects.select_related("sector").order_by()
        }
        self.identities: dict[str, set[Office]] = defaultdict(set)
        for bearers in self.offices.values():
            for office in bearers:
                self.identities[code_key(identity_code(office))].add(office)
        self.channels = _words(Dossier.Channel.choices)
        self.outcomes = _words(Dossier.Outcome.choices)

    def read(self, line: Line) -> tuple[LineFacts | None, list[Reason]]:
        """The facts of the line, or the reasons why not."""
        reasons = list(unreadable(line))
        if reasons:
            return None, reasons
        office = self._office(line, reasons)
        procedure = self._procedure(line, office, reasons)
        channel = self._one_of(line, "channel", "Hình thức nộp", self.channels, reasons)
        moments = self._moments(line, office, reasons)
        outcome = self._outcome(line, moments, reasons)
        received_at = moments.get("received_at")
        self._order(moments, outcome, reasons)
        code = self._code(line, office, received_at, reasons)
        texts, doubts = self._texts(line, received_at, reasons)
        if reasons or office is None or procedure is None or received_at is None:
            return None, reasons
        intake = Intake(
            office=office,
            procedure=procedure,
            applicant_name=texts["applicant_name"],
            applicant_id=texts["applicant_id"],
            applicant_id_kind=texts["applicant_id_kind"],
            phone=texts["phone"],
            address=texts["address"],
            channel=channel,
            note=texts["note"],
            source=Dossier.Source.IMPORT,
        )
        others = {name: moments.get(name) for name in DATES if name != "received_at"}
        return LineFacts(intake, code, received_at, outcome=outcome, doubts=doubts, **others), []

    def _office(self, line: Line, reasons: list[Reason]) -> Office | None:
        """Who bore the code on the day of receipt; the last bearer where that day is not told."""
        code, day = line.text("office_code"), _day_of(line, "received_at")
        bearers = self.offices.get(code, [])
        office = next((one for one in bearers if day is None or one.exists_on(day)), None)
        if not code:
            reasons.append(Reason("office_code", "Thiếu mã đơn vị."))
        elif office is None and bearers and day is not None:
            text = f"Ngày {day:%d/%m/%Y} không có đơn vị nào mang mã “{code[:40]}”."
            reasons.append(Reason("office_code", text))
        elif office is None:
            reasons.append(Reason("office_code", f"Không có đơn vị nào mang mã “{code[:40]}”."))
        elif self.allowed is not None and office.pk not in self.allowed:
            text = f"Ông/bà không được nhập sổ của {office.name}."
            reasons.append(Reason("office_code", text))
        return office

    def _procedure(
        self, line: Line, office: Office | None, reasons: list[Reason]
    ) -> Procedure | None:
        key = line.text("procedure_id")
        procedure = self.procedures.get(key) or self.procedures.get(key.upper())
        if not key:
            reasons.append(Reason("procedure_id", "Thiếu mã thủ tục."))
        elif procedure is None:
            text = f"Không có thủ tục nào mang mã “{key[:40]}” trong danh mục."
            reasons.append(Reason("procedure_id", text))
        elif office is not None and procedure.level not in office.levels_received:
            text = (
                f"Thủ tục {procedure.key} thuộc {procedure.get_level_display()}, "
                f"{office.name} không tiếp nhận."
            )
            reasons.append(Reason("procedure_id", text))
        return procedure

    def _texts(
        self, line: Line, received_at: datetime | None, reasons: list[Reason]
    ) -> tuple[dict[str, str], tuple[Reason, ...]]:
        """The texts by the fields of a dossier, and what is doubtful about the numbers. A cell that
        says more than its number is kept in the note."""
        texts = {column: line.text(column) for column in LONGEST} | {"applicant_id_kind": ""}
        doubts = []
        born_by = received_at.date() if received_at else None
        readers: tuple[tuple[str, Callable[[], Number]], ...] = (
            ("applicant_id", lambda: numbers.identity(texts["applicant_id"], born_by)),
            ("phone", lambda: numbers.telephone(texts["phone"])),
        )
        for column, read in readers:
            try:
                number = read()
            except numbers.Shortened as shortened:
                reasons.append(Reason(column, f"Ô “{texts[column][:40]}”: {shortened}"))
                continue
            if number.doubt:
                doubts.append(Reason(column, f"Ô “{texts[column][:40]}”: {number.doubt}"))
            if number.note:
                said = f"{LONGEST[column][1]} trong sổ: {number.note}"
                texts["note"] = "; ".join(filter(None, (texts["note"], said)))
            texts[column] = number.value
            if column == "applicant_id":
                texts["applicant_id_kind"] = number.kind
        if not texts["applicant_name"]:
            reasons.append(Reason("applicant_name", "Thiếu tên người nộp."))
        for column, (longest, name) in LONGEST.items():
            if len(texts[column]) > longest:
                reasons.append(Reason(column, f"{name} dài quá {longest} ký tự."))
        return texts, tuple(doubts)

    def _one_of(
        self, line: Line, column: str, name: str, words: dict[str, str], reasons: list[Reason]
    ) -> str:
        text = line.text(column)
        value = words.get(fold(text), "")
        if not value:
            values = ", ".join(dict.fromkeys(words.values()))
            said = f"là “{text[:40]}”" if text else "còn trống"
            reasons.append(Reason(column, f"{name} {said}; phải là một trong: {values}."))
        return value

    def _outcome(
        self, line: Line, moments: dict[str, datetime | None], reasons: list[Reason]
    ) -> str:
        if line.text("outcome"):
            outcome = self._one_of(line, "outcome", "Kết quả", self.outcomes, reasons)
            if "resolved_at" in moments and moments["resolved_at"] is None:
                text = "Có kết quả nhưng thiếu ngày có kết quả."
                reasons.append(Reason("resolved_at", text))
            return outcome
        if moments.get("resolved_at") is not None:
            text = "Có ngày kết quả nhưng thiếu kết quả (outcome)."
            reasons.append(Reason("outcome", text))
        return ""

    def _moments(
        self, line: Line, office: Office | None, reasons: list[Reason]
    ) -> dict[str, datetime | None]:
        """The moments by column; a column whose cell cannot be read is left out."""
        moments: dict[str, datetime | None] = {}
        for column, name in DATES.items():
            try:
                moment = as_moment(line.cells.get(column))
            except UnreadableDate as wrong:
                reasons.append(Reason(column, f"{name} “{line.text(column)[:40]}” {wrong}."))
                continue
            if moment is None:
                moments[column] = None
                if column == "received_at":
                    reasons.append(Reason(column, "Thiếu ngày tiếp nhận."))
                continue
            before = BEFORE.get(column, ("received_at",))
            earlier = next((m for c in before if (m := moments.get(c))), None)
            moments[column] = self._at(moment, office, earlier, closing=column == "due_at")
        return moments

    def _at(
        self, moment: Moment, office: Office | None, earlier: datetime | None, *, closing: bool
    ) -> datetime:
        if moment.at is not None:
            return clock.aware(datetime.combine(moment.day, moment.at))
        opens, closes = self._hours(office, moment.day)
        at = clock.aware(datetime.combine(moment.day, closes if closing else opens))
        if moment.day == self.desks.now.date() and not closing:
            at = min(at, self.desks.now)
        if earlier is not None and earlier.date() == moment.day:
            at = max(at, earlier)
        return at

    def _hours(self, office: Office | None, day: date) -> tuple[time, time]:
        if office is not None:
            try:
                sessions = self.desks.calendar(office).sessions_on(day)
            except NoCalendarData:
                sessions = ()
            if sessions:
                return sessions[0][0], sessions[-1][1]
        return OPENS, CLOSES

    def _order(
        self, moments: dict[str, datetime | None], outcome: str, reasons: list[Reason]
    ) -> None:
        for column, moment in moments.items():
            if column != "due_at" and moment is not None and moment > self.desks.now:
                text = f"{DATES[column]} {moment:%d/%m/%Y %H:%M} chưa tới."
                reasons.append(Reason(column, text))
        due_at, received_at = moments.get("due_at"), moments.get("received_at")
        if due_at and received_at and due_at < received_at:
            reasons.append(Reason("due_at", "Ngày hẹn trả trước ngày tiếp nhận."))
        for column, earlier_ones in BEFORE.items():
            moment = moments.get(column)
            for earlier in earlier_ones:
                before = moments.get(earlier)
                if moment and before and moment < before:
                    text = f"{DATES[column]} trước {DATES[earlier].lower()}."
                    reasons.append(Reason(column, text))
                    break
        if moments.get("supplement_to") and moments.get("supplement_from", True) is None:
            text = "Có ngày nhận bổ sung nhưng thiếu ngày yêu cầu bổ sung."
            reasons.append(Reason("supplement_from", text))
        if moments.get("handed_over_at"):
            if moments.get("resolved_at", True) is None:
                text = "Có ngày trả kết quả nhưng chưa có kết quả."
                reasons.append(Reason("resolved_at", text))
            elif outcome in (Dossier.Outcome.WITHDRAWN, Dossier.Outcome.STOPPED):
                text = "Hồ sơ rút hoặc dừng thì không có ngày trả kết quả."
                reasons.append(Reason("handed_over_at", text))

    def _code(
        self, line: Line, office: Office | None, received_at: datetime | None, reasons: list[Reason]
    ) -> str:
        code = line.text("receipt_code").upper()
        if not code:
            return ""
        if not re.fullmatch(CodeConverter.regex, code) or len(code) > LONGEST_CODE:
            text = (
                f"Mã hồ sơ “{code[:70]}” không dùng được: phải gồm ba phần nối bằng gạch ngang, "
                "phần giữa 6 - 8 chữ số, không dấu, ví dụ TB.967-160105-0001. "
                "Để trống thì chương trình cấp mã."
            )
            reasons.append(Reason("receipt_code", text))
            return ""
        return self._code_of_series(code, office, received_at, reasons)

    def _code_of_series(
        self, code: str, office: Office | None, received_at: datetime | None, reasons: list[Reason]
    ) -> str:
        """A code that looks like one of ours must be of this office and day, and none may be one
        of ours with its dots and dashes elsewhere: else the program would one day issue it
        again."""
        parts = _OWN_SERIES.fullmatch(code)
        owners = self.identities.get(code_key(parts[1]), set()) if parts else set()
        for other in self._issuers(code_key(code)) - owners:
            text = (
                f"Mã hồ sơ {code} không dùng được: bỏ dấu chấm, gạch thì là mã chương trình cấp "
                f"cho {other.name}."
            )
            reasons.append(Reason("receipt_code", text))
        if parts is None or not owners or office is None or received_at is None:
            return code
        owner = office if office in owners else min(owners, key=lambda other: other.pk)
        if owner != office or parts[2] != f"{received_at:%y%m%d}":
            text = f"Mã hồ sơ {code} thuộc dãy mã của {owner.name} ngày khác hoặc của đơn vị khác."
            reasons.append(Reason("receipt_code", text))
        elif not parts[3].isdecimal() or len(parts[3]) > 6:
            text = f"Mã hồ sơ {code}: phần cuối phải là số, nhiều nhất 6 chữ số."
            reasons.append(Reason("receipt_code", text))
        return f"{identity_code(owner)}-{parts[2]}-{parts[3]}"

    def _issuers(self, key: str) -> set[Office]:
        """The offices for which the program may issue a code with this key."""
        return {
            office
            for start, bearers in self.identities.items()
            if key.startswith(start) and may_be_issued(key.removeprefix(start))
            for office in bearers
        }


def _day_of(line: Line, column: str) -> date | None:
    try:
        moment = as_moment(line.cells.get(column))
    except UnreadableDate:
        return None
    return moment.day if moment else None


def _words(choices: list[tuple[str, str]]) -> dict[str, str]:
    """Values by what a register may say: the value itself or its Vietnamese words."""
    return {fold(said): value for value, label in choices for said in (value, label)}
