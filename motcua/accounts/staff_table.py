"""A list of staff as a table: what a line says, and whether it is good, refused or doubtful.

Refused is what cannot be so (a user name that is taken, an office, a division or a role that is
not there), doubtful what is unlikely (a name that the office has already, a user name like
another one). Nothing is written here.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from motcua.models import Division, Office, Role, Staff
from motcua.tables.lines import Line, Template
from motcua.tables.problems import Problem, Reason
from motcua.tables.verdict import Verdict, judged, unlikely, unreadable
from motcua.text import fold

TITLES = {
    "username": ("Tên đăng nhập", "Tài khoản"),
    "full_name": ("Họ và tên", "Họ tên"),
    "title": ("Chức vụ", "Chức danh"),
    "roles": ("Vai trò",),
    "office_code": ("Mã đơn vị",),
    "division": ("Phòng chuyên môn", "Phòng", "Bộ phận"),
    "phone": ("Điện thoại", "Số điện thoại"),
    "email": ("Thư điện tử",),
}
"""The columns, each with the words that a file may have for it; the first are the template's."""
MEANINGS = {
    "username": "không trùng ai; không đổi được về sau, ví dụ canbo1.32086",
    "full_name": "như ghi trên giấy tờ của đơn vị",
    "title": "ví dụ Công chức Tư pháp - Hộ tịch; có thể trống",
    "roles": "một hay nhiều vai trò, cách nhau bằng dấu phẩy: cán bộ một cửa, chuyên viên, "
    "lãnh đạo, giám sát, quản trị",
    "office_code": "có thể trống khi đã chọn một đơn vị cho cả tệp",
    "division": "tên phòng, bộ phận chuyên môn của đơn vị đó; có thể trống",
    "phone": "có thể trống",
    "email": "có thể trống",
}
TEMPLATE = Template(
    tuple(TITLES),
    titles=TITLES,
    optional=frozenset({"title", "office_code", "division", "phone", "email"}),
    most_lines=2_000,
    advice="Hãy chia danh sách thành nhiều tệp, ví dụ mỗi đơn vị một tệp.",
)

_FIELDS = {field.name: field for field in Staff._meta.concrete_fields}
_ROLES = {fold(name): role for role in Role for name in (role.value, role.label)}
_ROLES |= {"mot cua": Role.CLERK, "quan tri vien": Role.ADMINISTRATOR}
_BETWEEN_ROLES = re.compile(r"[,;+/\n]")
_NUMBER_OF_PHONE = re.compile(r"[\d\s.+()-]{8,30}")
_WITHOUT_ZERO = re.compile(r"[2-9]\d{8,9}")


@dataclass(frozen=True)
class StaffLine:
    """A person as a line of the table says, with the office and division that it names."""

    number: int
    username: str
    full_name: str
    title: str
    roles: tuple[Role, ...]
    office: Office
    division: Division | None
    phone: str
    email: str

    @property
    def role_words(self) -> str:
        return ", ".join(role.label for role in self.roles)

    def account(self) -> Staff:
        """The account, not yet saved and without a password, to be changed at the first log-in."""
        return Staff(
            username=self.username,
            full_name=self.full_name,
            title=self.title,
            office=self.office,
            division=self.division,
            phone=self.phone,
            email=self.email,
            is_staff=Role.ADMINISTRATOR in self.roles,
            must_change_password=True,
            **{f"is_{role.value}": True for role in self.roles},
        )


@dataclass
class StaffList:
    """A table that was judged: the people of its lines that are not refused, and the verdict."""

    people: list[StaffLine] = field(default_factory=list)
    verdict: Verdict = field(default_factory=Verdict)


def judge(lines: Sequence[Line], offices: QuerySet[Office], office: Office | None) -> StaffList:
    """What the lines would become in these offices; all in `office`, when one was chosen. A
    constant number of queries."""
    reader = _Reader(offices, office)
    refused: list[Problem] = []
    read: list[tuple[Line, StaffLine]] = []
    for line in lines:
        person, reasons = reader.read(line)
        refused += [line.problem(reason) for reason in reasons]
        if person is not None:
            read.append((line, person))
    verdict = judged(lines, refused, _doubts(read))
    return StaffList([person for _, person in read], verdict)


class _Reader:
    """Reads lines beside the offices, divisions and accounts that are there."""

    def __init__(self, offices: QuerySet[Office], office: Office | None) -> None:
        self.office = office
        self.offices = {each.code: each for each in offices}
        divisions = Division.objects.filter(office__in=offices, is_active=True)
        self.divisions: dict[int, dict[str, Division]] = {}
        for division in divisions.order_by("name"):
            self.divisions.setdefault(division.office_id, {})[fold(division.name)] = division
        self.taken: dict[str, str] = {}
        for username in Staff.objects.values_list("username", flat=True):
            self.taken[username.casefold()] = "đã có người dùng"

    def read(self, line: Line) -> tuple[StaffLine | None, list[Reason]]:
        """The person, or why the line is refused."""
        reasons = list(unreadable(line))
        if reasons:
            return None, reasons
        office = self._office(line, reasons)
        division = self._division(line, office, reasons)
        username = self._username(line, reasons)
        full_name = _text(line, "full_name", reasons, required=True)
        title, email = _text(line, "title", reasons), _text(line, "email", reasons)
        roles, phone = _roles(line, reasons), _phone(line, reasons)
        if reasons or office is None:
            return None, reasons
        texts = (username, full_name, title)
        return StaffLine(line.number, *texts, roles, office, division, phone, email), reasons

    def _office(self, line: Line, reasons: list[Reason]) -> Office | None:
        code = line.text("office_code")
        if not code:
            if self.office is None:
                reasons.append(Reason("office_code", "Thiếu mã đơn vị."))
            return self.office
        found = self.offices.get(code) or self.offices.get(code.zfill(5))
        if found is None:
            text = f"Hôm nay không có đơn vị mã {code[:20]} trong các đơn vị ông/bà quản trị."
            reasons.append(Reason("office_code", text))
        elif self.office is not None and found != self.office:
            text = f"Mã {code[:20]} là {found.name}, không phải {self.office.name} đã chọn."
            reasons.append(Reason("office_code", text))
        return found

    def _division(
        self, line: Line, office: Office | None, reasons: list[Reason]
    ) -> Division | None:
        name = line.text("division")
        if not name or office is None:
            return None
        there = self.divisions.get(office.pk, {})
        found = there.get(fold(name))
        if found is None:
            names = "; ".join(division.name for division in list(there.values())[:20])
            text = f"{office.name} không có phòng chuyên môn “{name[:60]}”."
            offered = f" Có: {names}." if names else " Đơn vị này chưa có phòng nào."
            reasons.append(Reason("division", text + offered))
        return found

    def _username(self, line: Line, reasons: list[Reason]) -> str:
        username = _text(line, "username", reasons, required=True)
        if username:
            key = username.casefold()
            if (whose := self.taken.get(key)) is not None:
                text = f"Tên đăng nhập “{username[:40]}” {whose}. Hãy đặt tên khác."
                reasons.append(Reason("username", text))
            self.taken.setdefault(key, f"đã có ở dòng {line.number}")
        return username


def _text(line: Line, column: str, reasons: list[Reason], *, required: bool = False) -> str:
    """The cell as the account keeps it, checked as a form of the administration would."""
    text = line.text(column)
    title = TITLES[column][0]
    if not text:
        if required:
            reasons.append(Reason(column, f"Thiếu {title[:1].lower()}{title[1:]}."))
        return ""
    try:
        _FIELDS[column].clean(text, None)
    except ValidationError as wrong:
        said = " ".join(str(message) for message in wrong.messages)
        reasons.append(Reason(column, f"{title} “{text[:40]}” chưa đúng: {said}"))
    return text


def _roles(line: Line, reasons: list[Reason]) -> tuple[Role, ...]:
    words = [word.strip() for word in _BETWEEN_ROLES.split(line.text("roles")) if word.strip()]
    if not words:
        reasons.append(Reason("roles", "Thiếu vai trò."))
    found = set()
    for word in words:
        if role := _ROLES.get(fold(word)):
            found.add(role)
        else:
            known = ", ".join(role.label for role in Role)
            reasons.append(Reason("roles", f"Không có vai trò “{word[:40]}”. Có: {known}."))
    return tuple(role for role in Role if role in found)


def _phone(line: Line, reasons: list[Reason]) -> str:
    """The number; a zero that a spreadsheet has taken from its beginning is put back."""
    phone = _text(line, "phone", reasons)
    return f"0{phone}" if _WITHOUT_ZERO.fullmatch(phone) else phone


def _doubts(read: Sequence[tuple[Line, StaffLine]]) -> Iterator[Problem]:
    texts = {column: TITLES[column][0] for column in ("full_name", "title")}
    offices = {person.office.pk for _, person in read}
    there = Staff.objects.filter(office__in=offices).values_list("office_id", "full_name")
    names: dict[tuple[int, str], str] = {
        (office or 0, name.casefold()): "trong danh sách cán bộ" for office, name in there
    }
    alike = {_bare(name): name for name in Staff.objects.values_list("username", flat=True)}
    for line, person in read:
        for reason in (*unlikely(line, texts), *_about(person, names, alike)):
            yield line.problem(reason)


def _about(
    person: StaffLine, names: dict[tuple[int, str], str], alike: dict[str, str]
) -> Iterable[Reason]:
    """Doubts about a person beside the accounts that are there and the lines above."""
    name = (person.office.pk, person.full_name.casefold())
    if where := names.get(name):
        text = f"{person.office.name} đã có “{person.full_name}” {where}. Có phải một người không?"
        yield Reason("full_name", text)
    names.setdefault(name, f"ở dòng {person.number}")
    if not any(character.isalpha() for character in person.full_name) or any(
        character.isdigit() for character in person.full_name
    ):
        yield Reason("full_name", f"“{person.full_name[:40]}” không giống tên của ai.")
    if other := alike.get(_bare(person.username)):
        text = f"Tên đăng nhập “{person.username}” rất giống “{other}”, dễ nhầm khi đăng nhập."
        yield Reason("username", text)
    alike.setdefault(_bare(person.username), person.username)
    if person.phone and not _NUMBER_OF_PHONE.fullmatch(person.phone):
        yield Reason("phone", f"“{person.phone}” không giống số điện thoại.")


def _bare(username: str) -> str:
    """Letters and digits alone, without case and diacritics: what looks alike is alike."""
    return "".join(c for c in fold(username) if c.isalnum())
