"""What the lines of a catalogue would do to the one that is there: new, changed from a day, ended;
with the differences for people, and why a line is refused or doubtful.

Nothing is written here, and the number of statements does not grow with the lines.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from typing import Any

from motcua import clock
from motcua.tables.lines import Line
from motcua.tables.problems import Problem, Reason
from motcua.tables.verdict import Verdict, judged, unlikely
from motcua.templatetags.motcua_tags import vnd
from motcua.text import fold
from procedures.catalogue_import.table import TEXTS, LineFacts, LineReader
from procedures.models import Procedure, ProcedureVersion
from procedures.national_codes import short

FAR = timedelta(days=2 * 366)
NEEDED = {"name": "tên thủ tục", "sector": "lĩnh vực", "level": "cấp tiếp nhận"}
LABELS = {
    "fee_vnd": "phí, lệ phí",
    "fee_note": "ghi chú về phí, lệ phí",
    "limit_note": "ghi chú về thời hạn",
    "result": "kết quả",
    "legal_basis": "căn cứ pháp lý",
    "department": "bộ phận giải quyết",
}


class Kind(Enum):
    NEW = "mới"
    CHANGED = "thay đổi"
    ENDED = "thôi áp dụng"
    SAME = "không đổi"


@dataclass(frozen=True)
class Difference:
    what: str
    old: str
    new: str


@dataclass
class Change:
    """What one line does. `version` are the fields of a version that differ, `papers` is None
    where they stay."""

    facts: LineFacts
    kind: Kind
    procedure: Procedure | None = None
    current: ProcedureVersion | None = None
    """The latest version, open or not."""
    version: dict[str, Any] = field(default_factory=dict)
    papers: tuple[str, ...] | None = None
    identity: dict[str, str] = field(default_factory=dict)
    """Name and sector where they differ; they hold for all days."""
    differences: list[Difference] = field(default_factory=list)

    @property
    def number(self) -> int:
        return self.facts.number

    @property
    def name(self) -> str:
        return self.facts.name or (self.procedure.name if self.procedure else "")

    @property
    def differs(self) -> bool:
        """Whether the line says otherwise than the latest version does."""
        return bool(self.version) or self.papers is not None

    @property
    def completes(self) -> bool:
        """Whether it writes the limit that the version lacks, from the version's own day on:
        nothing could be received under it, so it is completed where it stands."""
        current, begins = self.current, self.facts.in_force_from
        if current is None or current.has_limit or not self.differs:
            return False
        return current.in_force_to is None and begins in (None, current.in_force_from)

    @property
    def opens_version(self) -> bool:
        return self.differs and not self.completes


@dataclass
class CatalogueTable:
    """A table that was judged: what its lines would do, and the verdict."""

    changes: list[Change] = field(default_factory=list)
    verdict: Verdict = field(default_factory=Verdict)

    def of(self, kind: Kind) -> list[Change]:
        return [change for change in self.changes if change.kind is kind]

    def counts(self) -> list[tuple[str, int]]:
        """How many lines of each kind, where there are any."""
        count = Counter(change.kind for change in self.changes)
        return [(kind.value, count[kind]) for kind in Kind if count[kind]]


def judge(lines: Sequence[Line]) -> CatalogueTable:
    """What the lines would do to the catalogue as it is."""
    known = _Known()
    refused: list[Problem] = []
    doubtful: list[Problem] = []
    changes: list[Change] = []
    codes: dict[str, int] = {}
    for line in lines:
        reader = LineReader(line)
        facts, reasons = reader.read(), list(reader.reasons)
        if facts is not None:
            first = codes.setdefault(f"{short(facts.code)} {facts.key}", line.number)
            if first != line.number:
                text = f"Mã {facts.code} đã có ở dòng {first} của tệp."
                reasons.append(Reason("national_code", text))
            change = known.change(facts, reasons)
            if change is not None:
                changes.append(change)
                doubtful += [line.problem(d) for d in (*facts.doubts, *unlikely(line, TEXTS))]
        refused += [line.problem(reason) for reason in reasons]
    by_number = {line.number: line for line in lines}
    doubtful += [by_number[n].problem(reason) for n, reason in _doubts(changes, known)]
    return CatalogueTable(changes, judged(lines, refused, doubtful))


class _Known:
    """The catalogue as it is: by key and by every code, with the latest version of each."""

    def __init__(self) -> None:
        procedures = list(
            Procedure.objects.select_related("sector").prefetch_related("codes", "versions__papers")
        )
        self.by_key = {procedure.key: procedure for procedure in procedures}
        self.by_code: dict[str, set[Procedure]] = defaultdict(set)
        self.codes_of: dict[str, set[str]] = defaultdict(set)
        """The codes of each procedure, by its key."""
        self.by_name: dict[tuple[str, str], list[Procedure]] = defaultdict(list)
        for procedure in procedures:
            for code in (procedure.national_code, *(row.code for row in procedure.codes.all())):
                if code:
                    self.by_code[short(code)].add(procedure)
                    self.codes_of[procedure.key].add(short(code))
            if procedure.is_active:
                self.by_name[fold(procedure.name), procedure.level].append(procedure)

    def change(self, facts: LineFacts, reasons: list[Reason]) -> Change | None:
        """What the line does, or None with the reasons why it is refused."""
        procedure = self._procedure(facts, reasons)
        if reasons:
            return None
        change = _new(facts, reasons) if procedure is None else _against(facts, procedure, reasons)
        return None if reasons else change

    def _procedure(self, facts: LineFacts, reasons: list[Reason]) -> Procedure | None:
        if facts.replaces:
            if self.by_code.get(short(facts.code), set()) - self.by_code[short(facts.replaces)]:
                reasons.append(Reason("replaces", f"Mã {facts.code} đã là của một thủ tục khác."))
            found = self._coded(facts.replaces, facts.key, "replaces", reasons)
            if found is None and not reasons:
                reasons.append(
                    Reason("replaces", f"Không có thủ tục nào mang mã {facts.replaces}.")
                )
            return found
        return self._coded(facts.code, facts.key, "national_code", reasons)

    def _coded(self, code: str, key: str, column: str, reasons: list[Reason]) -> Procedure | None:
        if key:
            own = self.codes_of.get(key)
            if own and short(code) not in own:
                text = f"Thủ tục {key} mang mã {', '.join(sorted(own))}, không phải {code}."
                reasons.append(Reason(column, text))
            return self.by_key.get(key)
        found = self.by_code.get(short(code), set())
        # Of a procedure of today's and one of 2016 that went on under the code, today's is meant.
        current = {p for p in found if p.catalogue != Procedure.Catalogue.OF_2016} or found
        if len(current) > 1:
            keys = ", ".join(sorted(procedure.key for procedure in current))
            reasons.append(
                Reason(
                    column,
                    f"Mã {code} là của nhiều thủ tục: {keys}. Hãy ghi thêm cột “Mã trong danh "
                    "mục”.",
                )
            )
        return next(iter(current), None)


NAMES_HAVE_NO_DAYS = (
    "Tên và lĩnh vực của thủ tục đổi ngay khi nhập, không đợi đến ngày áp dụng: hãy nhập dòng này "
    "vào ngày đó, hoặc để nguyên tên và lĩnh vực đang có."
)


def _new(facts: LineFacts, reasons: list[Reason]) -> Change:
    for column, what in NEEDED.items():
        if not getattr(facts, column):
            reasons.append(Reason(column, f"Thủ tục mới, mã {facts.code}: thiếu {what}."))
    if facts.in_force_from is None:
        reasons.append(
            Reason("in_force_from", f"Thủ tục mới, mã {facts.code}: thiếu ngày áp dụng.")
        )
    _check_end(facts, facts.in_force_from, reasons)
    fields = {"limit_value": 0, "limit_unit": "", **facts.fields}
    version = ProcedureVersion(**fields)
    told = [
        Difference("lĩnh vực", "", facts.sector),
        Difference("thời hạn", "", version.limit_words),
        Difference("phí, lệ phí", "", vnd(version.fee_vnd)),
        Difference("giấy tờ", "", str(len(facts.papers))),
    ]
    return Change(facts, Kind.NEW, version=fields, papers=facts.papers, differences=told)


def _against(facts: LineFacts, procedure: Procedure, reasons: list[Reason]) -> Change:
    """What differs from the latest version."""
    versions = sorted(procedure.versions.all(), key=lambda v: v.in_force_from or date.min)
    current = versions[-1] if versions else None
    change = Change(facts, Kind.SAME, procedure, current)
    _differ(change, procedure)
    if facts.replaces:
        change.differences.append(Difference("mã TTHC", facts.replaces, facts.code))
    if facts.level and facts.level != procedure.level:
        text = (
            f"Thủ tục này do {procedure.get_level_display()} tiếp nhận. Đổi cấp thì hãy ghi ngày "
            "hết áp dụng cho dòng này và thêm thủ tục mới."
        )
        reasons.append(Reason("level", text))
    begins = facts.in_force_from
    if change.identity and begins is not None and begins > clock.today():
        reasons.append(Reason("in_force_from", NAMES_HAVE_NO_DAYS))
    if change.opens_version or facts.replaces:
        if begins is None:
            what = ", ".join(difference.what for difference in change.differences)
            reasons.append(Reason("in_force_from", f"Có thay đổi ({what}) mà thiếu ngày áp dụng."))
        elif change.opens_version and current is not None:
            _check_begin(begins, current, reasons)
    if change.differences:
        change.kind = Kind.CHANGED
    if facts.in_force_to is not None:
        _end(change, facts.in_force_to, reasons)
    return change


def _check_begin(begins: date, current: ProcedureVersion, reasons: list[Reason]) -> None:
    last = current.in_force_to or current.in_force_from
    if last is not None and begins <= last:
        reasons.append(
            Reason(
                "in_force_from",
                f"Ngày áp dụng {begins:%d/%m/%Y} phải sau ngày {last:%d/%m/%Y} của phiên bản đang "
                "có.",
            )
        )


def _end(change: Change, last: date, reasons: list[Reason]) -> None:
    facts, current = change.facts, change.current
    if change.opens_version:
        _check_end(facts, facts.in_force_from, reasons)
    elif current is None or current.in_force_to is not None:
        if current is None or current.in_force_to != last:
            reasons.append(Reason("in_force_to", "Thủ tục này đã thôi áp dụng từ trước."))
        return
    else:
        _check_end(facts, current.in_force_from, reasons)
    change.kind = Kind.ENDED
    change.differences.append(Difference("đến hết", "", f"{last:%d/%m/%Y}"))


def _check_end(facts: LineFacts, begins: date | None, reasons: list[Reason]) -> None:
    if facts.in_force_to is not None and begins is not None and facts.in_force_to < begins:
        reasons.append(
            Reason(
                "in_force_to",
                f"Đến hết {facts.in_force_to:%d/%m/%Y} là trước ngày áp dụng {begins:%d/%m/%Y}.",
            )
        )


def _differ(change: Change, procedure: Procedure) -> None:
    """Fill in what the line says otherwise than the latest version does."""
    facts, current = change.facts, change.current
    for name, old in (("name", procedure.name), ("sector", procedure.sector.name)):
        new = getattr(facts, name)
        if new and fold(new) != fold(old):
            change.identity[name] = new
            change.differences.append(Difference(NEEDED[name], old, new))
    before = current or ProcedureVersion(limit_unit="")
    change.version = {
        name: value
        for name, value in facts.fields.items()
        if name != "source" and value != getattr(before, name)
    }
    if {"limit_value", "limit_unit"} & set(change.version):
        after = ProcedureVersion(
            limit_value=facts.fields["limit_value"], limit_unit=facts.fields["limit_unit"]
        )
        change.differences.append(Difference("thời hạn", before.limit_words, after.limit_words))
    for name, label in LABELS.items():
        if name in change.version:
            old, new = getattr(before, name), change.version[name]
            shown = vnd if name == "fee_vnd" else str
            change.differences.append(Difference(label, shown(old), shown(new)))
    old_papers = tuple(paper.name for paper in current.papers.all()) if current else ()
    if facts.papers and facts.papers != old_papers:
        change.papers = facts.papers
        gone = [paper for paper in old_papers if paper not in facts.papers]
        come = [paper for paper in facts.papers if paper not in old_papers]
        if not gone and not come:  # another order
            gone, come = list(old_papers), list(facts.papers)
        change.differences.append(Difference("giấy tờ", "\n".join(gone), "\n".join(come)))


def _doubts(changes: Iterable[Change], known: _Known) -> Iterator[tuple[int, Reason]]:
    """What is unlikely beside the other lines, the catalogue and the calendar."""
    listed = list(changes)
    same_name: dict[str, list[Change]] = defaultdict(list)
    for change in listed:
        if change.facts.name:
            same_name[fold(change.facts.name)].append(change)
    for change in listed:
        facts = change.facts
        if (count := len(same_name[fold(facts.name)])) > 1:
            lines = ", ".join(str(c.number) for c in same_name[fold(facts.name)][:10])
            yield change.number, Reason("name", f"{count} mã cùng một tên (dòng {lines}).")
        if change.kind is Kind.NEW:
            namesakes = known.by_name.get((fold(facts.name), facts.level), [])
            for other in namesakes[:1]:
                yield (
                    change.number,
                    Reason(
                        "name",
                        f"Đã có thủ tục cùng tên, mã {other.national_code or other.key}. Nếu mã "
                        "này thay mã đó thì ghi cột “Thay mã”.",
                    ),
                )
            if "limit_value" not in facts.fields:
                text = "Không có thời hạn nên chưa nơi nào tiếp nhận được."
                yield change.number, Reason("limit_value", text)
        last = facts.in_force_to
        if change.kind is Kind.ENDED and last is not None and last < clock.today():
            text = f"Ngày {last:%d/%m/%Y} đã qua; hồ sơ nhận sau ngày đó vẫn giữ phiên bản này."
            yield change.number, Reason("in_force_to", text)
        begins = facts.in_force_from
        if begins is not None and begins - clock.today() > FAR:
            yield change.number, Reason("in_force_from", f"Ngày {begins:%d/%m/%Y} còn quá xa.")
