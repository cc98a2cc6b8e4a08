"""The parts of a procedure that must be published (NĐ 63/2010/NĐ-CP, amended by NĐ 48/2013): one
list for the page, the notice board and the open data.

Where the catalogue has no text of its own for sequence and ways, what holds at every desk stands
in its place and is marked as such; for other parts nothing is invented.
"""

import re
from dataclasses import dataclass
from datetime import date

from procedures.models import DataRule, Procedure, ProcedureVersion, RequiredPaper
from procedures.offering import files_online
from procedures.offices.solving import SolvedAt

_FORM = re.compile(r"(đơn|tờ khai|bản khai|bản kê khai|giấy đề nghị|văn bản đề nghị|phiếu)\b", re.I)
FREE = ("Không", "Không thu", "Không có")
USUAL_WAYS = ("Trực tiếp tại bộ phận một cửa", "Qua dịch vụ bưu chính")


@dataclass(frozen=True)
class Part:
    """One part: `lines` is empty where nothing is known, `is_usual` where the text is not the
    procedure's own."""

    key: str
    heading: str
    lines: tuple[str, ...]
    is_usual: bool = False


def parts_of(
    procedure: Procedure, version: ProcedureVersion, solved: SolvedAt | None = None
) -> list[Part]:
    """All parts in the order in which decisions print them; `solved` by whom at the desks, if not
    as the catalogue says. The papers of the version are read once if they were prefetched."""
    solved = solved or SolvedAt((), version.department)
    papers = tuple(paper.name for paper in version.papers.all())
    limit = (version.limit_words, *_lines(version.limit_note))
    return [
        _sequence(version, solved),
        _own_or_usual("ways", "Cách thức thực hiện", version.ways, _ways(procedure, version)),
        Part("papers", "Thành phần hồ sơ", papers),
        Part("sets", "Số lượng hồ sơ", (f"{version.sets:02} bộ",) if version.sets else ()),
        Part("limit", "Thời hạn giải quyết", limit),
        Part("applicants", "Đối tượng thực hiện", _lines(version.applicants)),
        Part("agency", "Cơ quan giải quyết", _agency(procedure, solved)),
        Part("result", "Kết quả", _lines(version.result)),
        Part("fee", "Phí, lệ phí", _fee(version)),
        Part("forms", "Mẫu đơn, tờ khai", forms_of(version)),
        Part("conditions", "Yêu cầu, điều kiện", _lines(version.conditions)),
        Part("basis", "Căn cứ pháp lý", tuple(version.legal_acts)),
    ]


@dataclass(frozen=True)
class PaperOnDay:
    """A paper with the rule under which data replace it, if that holds on a day or is to come."""

    paper: RequiredPaper
    rule: DataRule | None = None
    is_replaced: bool = False


def papers_on(version: ProcedureVersion, day: date) -> list[PaperOnDay]:
    """The papers of the version as a citizen of this day is told of them."""
    return [_paper_on(paper, day) for paper in version.papers.all()]


def _paper_on(paper: RequiredPaper, day: date) -> PaperOnDay:
    rule = paper.data_rule
    if rule is None or (rule.in_force_to is not None and rule.in_force_to < day):
        return PaperOnDay(paper)
    return PaperOnDay(paper, rule, paper.is_replaced_on(day))


def code_of(procedure: Procedure, version: ProcedureVersion | None, day: date) -> str:
    """The national code that a citizen reads on this day; none that was not read in a source."""
    code = procedure.code_on(day)
    is_own = code == procedure.national_code
    return "" if is_own and version is not None and version.doubts("mã TTHC") else code


def other_codes(procedure: Procedure, day: date) -> list[str]:
    """The codes of other days, in words; undated and unread ones are shown to administrators."""
    return [
        f"{row.code} ({days_in_words(row.in_force_from, row.in_force_to)})"
        for row in procedure.codes.all()
        if row.is_public and row.is_dated and not row.holds_on(day)
    ]


def days_in_words(first: date | None, last: date | None) -> str:
    """ "từ 01/07/2025 đến hết 31/12/2026"; empty without either day."""
    parts = [f"từ {first:%d/%m/%Y}"] if first else []
    return " ".join([*parts, f"đến hết {last:%d/%m/%Y}"] if last else parts)


def forms_of(version: ProcedureVersion) -> tuple[str, ...]:
    """The forms that are named, else the papers that are forms by their first word."""
    named = _lines(version.form_names)
    return named or tuple(p.name for p in version.papers.all() if _FORM.match(p.name))


def _sequence(version: ProcedureVersion, solved: SolvedAt) -> Part:
    steps = [
        f"{step.department}: {step.task}" if step.task else step.department
        for step in version.steps.all()
    ]
    usual = (
        "Nộp hồ sơ tại bộ phận một cửa; cán bộ kiểm tra và giao giấy hẹn trả kết quả.",
        *(steps or [f"{solved.everywhere or 'Cơ quan có thẩm quyền'} giải quyết hồ sơ."]),
        "Nhận kết quả tại bộ phận một cửa, mang theo giấy hẹn.",
    )
    return _own_or_usual("sequence", "Trình tự thực hiện", version.sequence, usual)


def _ways(procedure: Procedure, version: ProcedureVersion) -> tuple[str, ...]:
    return (*USUAL_WAYS, *(("Trực tuyến",) if files_online(procedure, version) else ()))


def _own_or_usual(key: str, heading: str, own: str, usual: tuple[str, ...]) -> Part:
    lines = _lines(own)
    return Part(key, heading, lines or usual, is_usual=not lines)


def _agency(procedure: Procedure, solved: SolvedAt) -> tuple[str, ...]:
    return (f"Tiếp nhận: bộ phận một cửa {procedure.get_level_display()}", *solved.lines)


def _fee(version: ProcedureVersion) -> tuple[str, ...]:
    if version.fee_vnd is None:
        return _lines(version.fee_note)
    if not version.fee_vnd:
        return ("Miễn phí", *(note for note in _lines(version.fee_note) if note not in FREE))
    return (f"{version.fee_vnd:,} đồng".replace(",", "."), *_lines(version.fee_note))


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())
