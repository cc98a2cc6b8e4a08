"""What a merger would do to the offices, and why it may not be done: read only."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from dossiers.merging.files import MergerFile, MergerRow, is_name
from motcua import clock
from motcua.models import Level, Office, Staff
from motcua.operations import renaming
from motcua.tables.problems import WHOLE_FILE, Problem

NOT_YET = (
    "Ngày {day:%d/%m/%Y} chưa tới. Mời xem trước bằng --dry-run và chạy từ ngày đó; trước ngày đó "
    "các đơn vị cũ vẫn làm việc."
)


@dataclass
class Successor:
    """An office that goes on with others' work: one to be made, or one that stays."""

    code: str
    name: str
    predecessors: list[Office]
    office: Office | None = None
    """That stays; None where it is to be made."""

    @property
    def seat(self) -> Office:
        """The predecessor at whose seat it is: by law the one whose code it bears (QĐ 19/2025,
        Điều 3); otherwise the first."""
        same = (office for office in self.predecessors if office.code == self.code)
        return next(same, self.predecessors[0])

    @property
    def in_order(self) -> list[Office]:
        """The predecessors, the seat first."""
        return [self.seat, *(office for office in self.predecessors if office != self.seat)]


@dataclass
class Plan:
    """What becomes of the offices of a file on its day."""

    file: MergerFile
    day: date
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    offices: dict[int, Office] = field(default_factory=dict)
    """MergerRow's line -> the office that it names."""
    successors: list[Successor] = field(default_factory=list)
    orphans: list[Office] = field(default_factory=list)
    """That end without successor."""
    staying: list[Office] = field(default_factory=list)
    """Of lines that change nothing."""
    moved_up: list[tuple[Office, Office | None]] = field(default_factory=list)
    """Offices that stay, or are made below, whose superior ends; and the one above that."""
    done_before: int = 0
    """Lines whose change was made already."""

    @property
    def last_day(self) -> date:
        """The last day of those that end."""
        return self.day - timedelta(days=1)

    @property
    def changes_nothing(self) -> bool:
        return not (self.successors or self.orphans or self.moved_up)

    @property
    def ending(self) -> list[Office]:
        return [old for new in self.successors for old in new.predecessors] + self.orphans


def plan(file: MergerFile) -> Plan:
    """What the file would do today. `problems` say why it may not be done at all."""
    found = Plan(file, file.day or clock.today(), list(file.problems))
    if found.problems or file.day is None:
        return found
    found.problems += _refused_as_a_whole(found)
    lines = list(_to_do(found))
    found.problems += _contradictions(lines)
    if not found.problems:
        _lay_out(found, lines)
        found.problems += list(_unfit(found))
    if not found.problems:
        _move_up(found)
        found.warnings = list(_warnings(found))
    return found


def _refused_as_a_whole(found: Plan) -> list[Problem]:
    hindrance = renaming.hindrance()
    return [Problem(WHOLE_FILE, hindrance)] if hindrance else []


def _to_do(found: Plan) -> Iterator[tuple[MergerRow, Office]]:
    """The lines that are still to be carried out, with the office that each names."""
    for row in found.file.rows:
        office = _named(row, found.last_day)
        if office is None:
            found.problems.append(_unknown(row, found.last_day))
            continue
        if not is_name(office.on(found.last_day).name, row.old_name):
            found.problems.append(_misnamed(row, office, found.last_day))
            continue
        if _is_done(row, office, found):
            found.done_before += 1
            continue
        if office.exists_until is not None:
            found.problems.append(
                row.problem(
                    f"{office.name} ({office.code}) đã kết thúc hết ngày "
                    f"{office.exists_until:%d/%m/%Y}.",
                    "old_code",
                )
            )
            continue
        if office.exists_from is not None and office.exists_from >= found.day:
            found.problems.append(_unknown(row, found.last_day))
            continue
        found.offices[row.line.number] = office
        yield row, office


def _named(row: MergerRow, day: date) -> Office | None:
    """The office that bears the code on the day."""
    return Office.objects.existing(day).filter(code=row.old_code).select_related("parent").first()


def _unknown(row: MergerRow, day: date) -> Problem:
    named = [
        office.code for office in Office.objects.existing(day) if is_name(office.name, row.old_name)
    ]
    hint = f" {row.old_name} có mã {', '.join(named)}." if named else ""
    return row.problem(
        f"Ngày {day:%d/%m/%Y} không có đơn vị nào mang mã {row.old_code}.{hint}", "old_code"
    )


def _misnamed(row: MergerRow, office: Office, day: date) -> Problem:
    named = [
        other.code for other in Office.objects.existing(day) if is_name(other.name, row.old_name)
    ]
    right = f" {row.old_name} có mã {', '.join(named)}." if named else ""
    return row.problem(
        f"Ngày {day:%d/%m/%Y} mã {row.old_code} là của {office.on(day).name}, không phải "
        f"{row.old_name}.{right}",
        "old_name",
    )


def _is_done(row: MergerRow, office: Office, found: Plan) -> bool:
    """Whether this very line was carried out before."""
    if office.exists_until != found.last_day or row.changes_nothing:
        return False
    new = office.successor
    if new is None:
        return not row.new_code
    return new.code == row.new_code and is_name(new.on(found.day).name, row.new_name)


def _contradictions(lines: Iterable[tuple[MergerRow, Office]]) -> Iterator[Problem]:
    """An office with two successors, a code with two names."""
    first: dict[str, MergerRow] = {}
    names: dict[str, MergerRow] = {}
    for row, office in lines:
        known = first.setdefault(row.old_code, row)
        if known is not row:
            same = known.new_code == row.new_code and is_name(known.new_name, row.new_name)
            yield row.problem(
                f"{office.name} ({row.old_code}) đã có ở dòng {known.line.number}."
                if same
                else f"{office.name} ({row.old_code}) có hai đơn vị kế thừa (xem dòng "
                f"{known.line.number}). Đơn vị bị chia tách thì để trống mã mới: hồ sơ chờ phân "
                "công.",
                "old_code",
            )
        if not row.new_code:
            continue
        named = names.setdefault(row.new_code, row)
        if not is_name(named.new_name, row.new_name):
            yield row.problem(
                f"Mã mới {row.new_code} có hai tên: {named.new_name} (dòng {named.line.number}) "
                f"và {row.new_name}.",
                "new_name",
            )


def _lay_out(found: Plan, lines: list[tuple[MergerRow, Office]]) -> None:
    """Who ends, who follows, who stays."""
    ending = {office.pk for row, office in lines if not row.changes_nothing}
    together: dict[str, list[tuple[MergerRow, Office]]] = defaultdict(list)
    for row, office in lines:
        if row.changes_nothing:
            found.staying.append(office)
        elif not row.new_code:
            found.orphans.append(office)
        else:
            together[row.new_code].append((row, office))
    for code, members in together.items():
        row = members[0][0]
        bearer = Office.objects.existing(found.day).filter(code=code).first()
        if bearer is not None and bearer.pk in ending:
            bearer = None
        if bearer is not None and not is_name(bearer.on(found.day).name, row.new_name):
            found.problems += [
                each.problem(
                    f"Mã mới {code} đang là của {bearer.name}, mà đơn vị này không kết thúc trong "
                    "tệp.",
                    "new_code",
                )
                for each, _ in members
            ]
            continue
        olds = [office for _, office in members]
        found.successors.append(Successor(code, row.new_name, olds, bearer))


def _unfit(found: Plan) -> Iterator[Problem]:
    """Offices of different levels cannot become one; a code must not come back later."""
    rows = {
        found.offices[row.line.number].pk: row
        for row in found.file.rows
        if row.line.number in found.offices
    }
    for new in found.successors:
        level = new.office.level if new.office is not None else new.seat.level
        for old in new.predecessors:
            if old.level != level:
                yield rows[old.pk].problem(
                    f"{old.name} là {old.get_level_display()}, không thành {new.name} được: đơn "
                    "vị kế thừa phải cùng cấp.",
                    "new_code",
                )
        later = Office.objects.filter(code=new.code, is_hidden=False, exists_from__gt=found.day)
        if new.office is None and later.exists():
            yield rows[new.seat.pk].problem(
                f"Mã {new.code} đã có một đơn vị khác từ sau ngày {found.day:%d/%m/%Y}.",
                "new_code",
            )


def superior_of(found: Plan, office: Office) -> Office | Successor | None:
    """Who stands above what stood below this superior: it, its successor, or, where it ends
    without one, the one above it."""
    above: Office | None = office
    follower = {old.pk: new for new in found.successors for old in new.predecessors}
    orphans = {old.pk for old in found.orphans}
    while above is not None:
        if above.pk in follower:
            return follower[above.pk]
        if above.pk not in orphans:
            return above
        above = above.parent
    return None


def _move_up(found: Plan) -> None:
    """Offices that go on while their superior ends."""
    ending = {office.pk for office in found.ending}
    below = (
        Office.objects.filter(parent__in=ending)
        .exclude(pk__in=ending)
        .filter(exists_until__isnull=True)
        .select_related("parent__parent__parent")
    )
    found.moved_up = [(office, office.parent) for office in below]


def lost_its_district(found: Plan, office: Office) -> bool:
    """Whether a commune stood below a district that ends without successor here: what the
    district received is received by the commune's desk or the province's from then on."""
    return (
        office.level == Level.COMMUNE
        and office.parent is not None
        and office.parent.level == Level.DISTRICT
        and any(office.parent == orphan for orphan in found.orphans)
    )


def _warnings(found: Plan) -> Iterator[str]:
    for orphan in found.orphans:
        if orphan.parent is None:
            yield (
                f"{orphan.name} kết thúc mà không có đơn vị kế thừa và không có cấp trên: không ai "
                "phân công được hồ sơ của đơn vị này."
            )
            continue
        above = superior_of(found, orphan.parent)
        pk = above.office.pk if isinstance(above, Successor) and above.office else None
        pk = above.pk if isinstance(above, Office) else pk
        leaders = Staff.objects.filter(office=pk, is_leader=True, is_active=True)
        if above is not None and (pk is None or not leaders.exists()):
            yield (
                f"{above.name} chưa có tài khoản lãnh đạo, nên chưa ai phân công được hồ sơ của "
                f"{orphan.name}. Mời lập tài khoản đó."
            )
        administrators = Staff.objects.filter(is_administrator=True, is_active=True)
        if administrators.filter(office=orphan).exists() and not (
            administrators.filter(office__isnull=True).exists()
            or administrators.filter(office__level=Level.PROVINCE).exists()
        ):
            yield (
                f"Người quản trị thuộc {orphan.name} sau đó chỉ còn quản lý đơn vị đã kết thúc. "
                "Mời lập tài khoản quản trị cấp tỉnh trước."
            )
