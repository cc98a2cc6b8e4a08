"""The register book (Sổ theo dõi hồ sơ): its rows and columns, by form 06 of TT 01/2018/TT-VPCP.

One book a year and office, numbered from 1 (Điều 10 khoản 2). Rows follow the day of receipt and,
within a day, the number; an entry made later for an earlier day keeps its later number.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Count, QuerySet

from dossiers.models import ELSEWHERE, Dossier
from dossiers.rules.codes import code_key
from motcua import clock
from motcua.models import Staff
from motcua.text import whole_number
from motcua.web.paging import in_portions
from procedures.models import Sector
from procedures.offices.solving import Solvers
from reports.figures.recount import solved_by
from reports.figures.summaries import flows_by_bucket
from reports.terms.periods import parse_period
from reports.terms.scopes import Scope

TITLE = "Sổ theo dõi hồ sơ"
ORDER = ("received_on", "receiver_id", "book_number", "pk")


@dataclass(frozen=True)
class RegisterColumn:
    """A column of form 06; `group` is the heading over it, `width` its share in a spreadsheet."""

    name: str
    heading: str
    width: int
    group: str = ""

    @property
    def full_heading(self) -> str:
        return f"{self.group}: {self.heading.lower()}" if self.group else self.heading


RETURN = "Trả kết quả"
COLUMNS = (
    RegisterColumn("number", "TT", 6),
    RegisterColumn("code", "Mã hồ sơ", 27),
    RegisterColumn("procedure", "Tên TTHC", 38),
    RegisterColumn("sets", "Số lượng hồ sơ (bộ)", 8),
    RegisterColumn("applicant", "Tên cá nhân, tổ chức", 24),
    RegisterColumn("contact", "Địa chỉ, số điện thoại", 28),
    RegisterColumn("lead", "Cơ quan chủ trì giải quyết", 22),
    RegisterColumn("received_at", "Nhận hồ sơ", 16),
    RegisterColumn("due_at", "Hẹn trả kết quả", 16),
    RegisterColumn("returned_at", "Ngày, tháng, năm", 16, RETURN),
    RegisterColumn("method", "Phương thức nhận kết quả", 16, RETURN),
    RegisterColumn("signed", "Ký nhận", 18, RETURN),
    RegisterColumn("note", "Ghi chú", 20),
)


@dataclass(frozen=True)
class Line:
    """A row of the book. Moments are aware; a number is None for a dossier without one."""

    number: int | None
    code: str
    procedure: str
    sets: int
    applicant: str
    contact: str
    lead: str
    received_at: datetime | None
    due_at: datetime | None
    returned_at: datetime | None
    method: str
    signed: str
    note: str


@dataclass(frozen=True)
class Book:
    """A part of the register: whose, of which year, perhaps one month, one sector, one number.

    `staff` is the reader: what does not exist for this person is not in the book.
    """

    staff: Staff
    scope: Scope
    year: int
    month: int | None = None
    sector: Sector | None = None
    number: str = ""

    @property
    def period(self) -> tuple[date, date]:
        if self.month is None:
            return date(self.year, 1, 1), date(self.year, 12, 31)
        first = date(self.year, self.month, 1)
        next_month = (first + timedelta(days=31)).replace(day=1)
        return first, next_month - timedelta(days=1)

    @property
    def period_words(self) -> str:
        return f"Tháng {self.month} năm {self.year}" if self.month else f"Năm {self.year}"

    @property
    def title(self) -> str:
        """The part in words: "Huyện Thới Bình, năm 2016, lĩnh vực Đất đai"."""
        parts = [self.scope.name, self.period_words[:1].lower() + self.period_words[1:]]
        if self.sector is not None:
            parts.append(f"lĩnh vực {self.sector.name}")
        if self.number:
            parts.append(f"số {self.number}")
        return ", ".join(parts)

    @property
    def selection(self) -> dict[str, str]:
        """The part as the query of the book's address."""
        words = {
            "pham-vi": self.scope.key,
            "nam": str(self.year),
            "thang": str(self.month or ""),
            "linh-vuc": str(self.sector.pk if self.sector else ""),
            "so": self.number,
        }
        return {name: word for name, word in words.items() if word}

    @property
    def address(self) -> str:
        return urlencode(self.selection)

    @property
    def file_name(self) -> str:
        month = f"-{self.month:02}" if self.month else ""
        return f"so-theo-doi-{self.scope.key}-{self.year}{month}"

    def dossiers(self) -> QuerySet[Dossier]:
        """The dossiers of the part in the order of the book."""
        found = (
            Dossier.objects.visible_to(self.staff)
            .filter(receiver__in=self.scope.office_ids)
            .received_between(*self.period)
            .order_by(*ORDER)
        )
        if self.sector is not None:
            found = found.filter(sector=self.sector)
        return self._with_number(found) if self.number else found

    def keys(self) -> "Keys":
        return Keys(self)

    def _with_number(self, found: QuerySet[Dossier]) -> QuerySet[Dossier]:
        """A number in the book, or a receipt code however typed, or the end of one."""
        key = code_key(self.number)
        if (number := whole_number(key)) is not None and len(key) <= 6:
            return found.filter(book_number=number)
        return found.filter(code_key__contains=key) if key else found.none()

    def lines(self) -> Iterator[Line]:
        """Every row, read in portions so that a book of any length needs little memory."""
        solvers = Solvers(self._solving())
        return (line_of(each, solvers) for each in in_portions(_with_names(self.dossiers())))

    def lines_of(self, keys: Iterable[int]) -> list[Line]:
        """The rows of these dossiers, in the order of the book."""
        found = Dossier.objects.visible_to(self.staff).filter(pk__in=list(keys))
        solvers = Solvers(self._solving())
        return [line_of(dossier, solvers) for dossier in _with_names(found).order_by(*ORDER)]

    def _solving(self) -> set[int]:
        """The offices that solve what is in the book: its own, and those it received for."""
        received = Dossier.objects.filter(ELSEWHERE, receiver__in=self.scope.office_ids)
        others = received.received_between(*self.period).order_by()
        return {*self.scope.office_ids, *others.values_list("office", flat=True).distinct()}


class Keys:
    """The keys of the book's dossiers in its order, for a paginator.

    The sums say how many there are and before which half month a page lies, so that the last
    page of millions costs what the first does. Where they cannot say (one number, one sector)
    the dossiers are counted.
    """

    def __init__(self, book: Book) -> None:
        self.book = book
        self.keys = book.dossiers().values_list("pk", flat=True)

    def count(self) -> int:
        return sum(self._halves.values()) if self._halves else self.keys.count()

    def __getitem__(self, part: slice) -> list[int]:
        found, before = self.keys, 0
        for start, received in self._halves.items():
            if before + received > part.start:
                found = found.filter(received_on__gte=start)
                break
            before += received
        return list(found[part.start - before : part.stop - before])

    @cached_property
    def _halves(self) -> dict[date, int]:
        book = self.book
        if book.number or book.sector is not None:
            return {}
        period = parse_period(f"{book.year}-{book.month:02}" if book.month else f"{book.year}")
        flows = flows_by_bucket(period, book.scope)
        found = {
            start: flows[start]["received_online"] + flows[start]["received_direct"]
            for start in sorted(flows)
        }
        return self._by_receiver(found)

    def _by_receiver(self, found: dict[date, int]) -> dict[date, int]:
        """The sums count by who solves, the book is the receiver's: more by what was received for
        others, less by what others received."""
        scope, starts, counts = self.book.scope, sorted(found), dict(found)
        elsewhere = (
            Dossier.objects.filter(ELSEWHERE)
            .received_between(*self.book.period)
            .annotate(solver=solved_by(scope))
            .order_by()
            .values_list("received_on", "receiver", "solver")
            .annotate(n=Count("*"))
        )
        for day, receiver, solver, n in elsewhere:
            differs = (receiver in scope.row_of) - (solver in scope.row_of)
            at = bisect_right(starts, day) - 1
            start = starts[at] if at >= 0 else day
            if differs:
                counts[start] = counts.get(start, 0) + differs * n
        return {start: counts[start] for start in sorted(counts)}


def _with_names(dossiers: QuerySet[Dossier]) -> QuerySet[Dossier]:
    return dossiers.select_related("procedure", "version", "office").only(
        *("book_number", "code", "sets", "applicant_name", "address", "phone", "note", "concerns"),
        *("received_at", "due_at", "handed_over_at", "handed_over_by", "return_method"),
        *("collector_name", "outcome", "procedure__name", "procedure__sector"),
        *("received_on", "version__department", "office__name", "receiver"),
    )


def line_of(dossier: Dossier, solvers: Solvers) -> Line:
    """The dossier as the book shows it; `solvers` know its office."""
    solver = solvers.of(dossier.procedure, dossier.version, dossier.office, dossier.received_on)
    return Line(
        number=dossier.book_number,
        code=dossier.code,
        procedure=". Về: ".join(filter(None, [dossier.procedure.name, dossier.concerns])),
        sets=dossier.sets,
        applicant=dossier.applicant_name,
        contact=", ".join(part for part in (dossier.address, dossier.phone) if part),
        lead=solver.words or dossier.office.authority,
        received_at=_local(dossier.received_at),
        due_at=_local(dossier.due_at),
        returned_at=_local(dossier.handed_over_at),
        method=dossier.get_handed_over_by_display() or dossier.get_return_method_display(),
        signed=dossier.collector_name,
        note="; ".join(part for part in (_ended_without_result(dossier), dossier.note) if part),
    )


def _ended_without_result(dossier: Dossier) -> str:
    approved = dossier.outcome in ("", Dossier.Outcome.APPROVED)
    return "" if approved else dossier.get_outcome_display()


def _local(moment: datetime | None) -> datetime | None:
    return None if moment is None else clock.local(moment)
