"""What has to be told before the first slip, in order: pure functions from `SetupFacts` to what the
page says of each step. Nothing here reads the database."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from dossiers.first_hour.facts import SetupFacts
from dossiers.lifecycle.codes import PROVISIONAL
from motcua import clock
from motcua.models import Role
from motcua.templatetags.motcua_tags import vn_number


class StandingKind(Enum):
    """How a step stands; the value is the mark that the page gives it."""

    DONE = "done"
    MISSING = "waiting"
    WRONG = "late"
    """The paper would say what is not so."""
    LATER = "ended"


@dataclass(frozen=True)
class Standing:
    """How a step stands, and what is known, in words."""

    kind: StandingKind
    word: str
    value: str


@dataclass(frozen=True)
class SetupStep:
    """A step: what it is called, what it is for and where that is printed, and how it stands."""

    key: str
    name: str
    use: str
    standing: Standing
    is_needed: bool
    """Whether the first slip waits for it."""

    @property
    def is_done(self) -> bool:
        return self.standing.kind is StandingKind.DONE


@dataclass(frozen=True)
class SetupSteps:
    """All steps of one office."""

    steps: list[SetupStep]

    @property
    def done(self) -> int:
        return sum(step.is_done for step in self.steps)

    @property
    def missing(self) -> list[int]:
        """The numbers of the steps for which the first slip waits."""
        return [
            number
            for number, step in enumerate(self.steps, start=1)
            if step.is_needed and not step.is_done
        ]

    @property
    def first_missing(self) -> str:
        """The key of the step to do next; empty when the first slip waits for none."""
        return next((step.key for step in self.steps if step.is_needed and not step.is_done), "")

    def number(self, key: str) -> int:
        return next(n for n, step in enumerate(self.steps, start=1) if step.key == key)


def _done(value: str) -> Standing:
    return Standing(StandingKind.DONE, "xong", value)


def _missing(value: str, word: str = "chưa làm") -> Standing:
    return Standing(StandingKind.MISSING, word, value)


def office(facts: SetupFacts) -> Standing:
    if facts.office is None or not facts.has_begun:
        return _missing("đơn vị nào làm việc ở đây, bắt đầu từ mẫu nào")
    template = facts.template[:1].lower() + facts.template[1:]
    return _done(f"{facts.office.name}; mẫu {template}" if template else facts.office.name)


def heading(facts: SetupFacts) -> Standing:
    if facts.office is None:
        return _missing("tiêu đề giấy tờ, mã định danh")
    if PROVISIONAL in facts.code_prefix.split("."):
        return _missing(f"{facts.office.desk_name}; mã tạm {facts.code_prefix}", "còn mã tạm")
    return _done(f"{facts.office.desk_name}; {facts.code_prefix}")


def contact(facts: SetupFacts) -> Standing:
    known = [facts.office.address, facts.office.phone] if facts.office else []
    value = "; ".join(filter(None, known))
    if not all(known) or not known:
        return _missing(
            value or "nơi người dân đến, số để gọi", "còn thiếu" if value else "chưa làm"
        )
    return _done(value)


def hours(facts: SetupFacts) -> Standing:
    words = "; ".join(f"{line.days} {line.hours}" for line in facts.hours)
    if not facts.has_own_hours:
        return _missing(f"đang tính theo giờ chung: {words}" if words else "", "chưa xác nhận")
    return _done(words)


def divisions(facts: SetupFacts) -> Standing:
    count = len(facts.divisions)
    if not count:
        return _missing("chưa có phòng nào")
    if not facts.leaders_place:
        return _missing(f"{count} phòng; chưa có nơi lãnh đạo ký", "thiếu nơi ký")
    return _done(f"{count} phòng; ký tại “{facts.leaders_place}”")


def staff(facts: SetupFacts) -> Standing:
    lacking = [
        str(role.label) for role in (Role.CLERK, Role.LEADER) if not facts.people.get(role, 0)
    ]
    if not facts.staff:
        return _missing("ai tiếp nhận, ai giải quyết, ai ký")
    if lacking:
        return _missing(f"{facts.staff} người; chưa ai giữ vai {', '.join(lacking)}", "còn thiếu")
    return _done(f"{facts.staff} người")


def procedures(facts: SetupFacts) -> Standing:
    wanting = f"; {vn_number(facts.without_limit)} thủ tục chưa có thời hạn nên chưa nhận được"
    more = wanting if facts.without_limit else ""
    if not facts.procedures:
        return _missing(f"chưa nhận thủ tục nào{more}")
    return _done(f"đang nhận {vn_number(facts.procedures)} thủ tục{more}")


def public_address(facts: SetupFacts) -> Standing:
    if facts.machine.qr_opens_this_machine:
        value = f"mã QR đang mở {facts.machine.base_url}, chỉ máy này đọc được"
        return Standing(StandingKind.WRONG, "QR chưa dùng được", value)
    return _done(facts.machine.base_url)


def backup_key(facts: SetupFacts) -> Standing:
    made_at = facts.machine.backed_up_at
    if made_at is not None:
        return _done(f"đã sao lưu lúc {clock.local(made_at):%H:%M %d/%m/%Y}")
    if facts.machine.has_backup_key:
        return _done("đã đặt khóa; chưa sao lưu lần nào")
    return _missing("chưa đặt khóa, chưa sao lưu lần nào")


def mail(facts: SetupFacts) -> Standing:
    if facts.machine.sends_mail:
        return _done("đã đặt máy chủ gửi thư")
    return Standing(StandingKind.LATER, "để sau", "không có cũng làm việc được")


def trial(facts: SetupFacts) -> Standing:
    if facts.has_tried:
        return _done("đã in trong lần làm việc này")
    return Standing(StandingKind.LATER, "chưa in", "in một phiếu, quét lại bằng điện thoại")


_STEPS: tuple[tuple[str, str, str, Callable[[SetupFacts], Standing], bool], ...] = (
    (
        "don-vi",
        "Đơn vị và mẫu",
        "Đơn vị có bộ phận một cửa ở đây. Mẫu cho sẵn phòng chuyên môn, nơi lãnh đạo ký, danh mục "
        "thủ tục và phòng nào giải quyết lĩnh vực nào; sau đó đều sửa được.",
        office,
        True,
    ),
    (
        "ten",
        "Mã, tiêu đề giấy tờ",
        "Mã định danh đứng đầu mọi mã hồ sơ. Hai dòng tiêu đề in ở góc trái mọi giấy tờ, địa danh "
        "in trước ngày tháng, chức danh in ở chỗ ký.",
        heading,
        True,
    ),
    (
        "dia-chi",
        "Địa chỉ, điện thoại",
        "In ở phiếu hẹn, hiện ở trang công khai và trong tin báo, để người dân biết nơi đến và số "
        "để gọi.",
        contact,
        True,
    ),
    (
        "gio",
        "Giờ làm việc",
        "Dùng để tính hạn và giờ nhận; in ở dòng “Giờ làm việc” của phiếu hẹn; hiện ở trang công "
        "khai.",
        hours,
        True,
    ),
    (
        "phong",
        "Phòng, nơi lãnh đạo ký",
        "Hồ sơ được chuyển đến các phòng này; tên phòng giải quyết in ở phiếu kiểm soát và hiện ở "
        "trang thủ tục. Trình lãnh đạo là chuyển đến nơi lãnh đạo ký.",
        divisions,
        True,
    ),
    (
        "can-bo",
        "Cán bộ",
        "Tên người tiếp nhận in ở chỗ ký của phiếu hẹn. Cần ít nhất một cán bộ một cửa và một lãnh "
        "đạo; chuyên viên thì gắn với phòng.",
        staff,
        True,
    ),
    (
        "thu-tuc",
        "Thủ tục",
        "Thủ tục nào nhận ở đây thì hiện ở trang tiếp nhận và trang công khai. Tên, thành phần hồ "
        "sơ và thời hạn in ở phiếu hẹn.",
        procedures,
        True,
    ),
    (
        "dia-chi-cong-khai",
        "Địa chỉ công khai",
        "Mã QR trên phiếu hẹn mở địa chỉ này để tra cứu. Thư báo cũng ghi địa chỉ này.",
        public_address,
        True,
    ),
    (
        "khoa-sao-luu",
        "Khóa sao lưu",
        "Bản sao lưu được mã hóa bằng khóa này. Mất khóa thì không ai mở được bản sao lưu, nên in "
        "ra và cất ngoài máy này.",
        backup_key,
        False,
    ),
    (
        "thu",
        "Thư báo cho người dân",
        "Gửi thư khi hồ sơ có tiến triển cho người đã ghi thư điện tử.",
        mail,
        False,
    ),
    (
        "phieu-thu",
        "Phiếu thử",
        "Phiếu hẹn với người nộp bịa ra, mang chữ PHIẾU THỬ. Không có gì được lưu, không số nào bị "
        "dùng.",
        trial,
        False,
    ),
)


def steps_of(facts: SetupFacts) -> SetupSteps:
    """Every step with how it stands."""
    return SetupSteps(
        [
            SetupStep(key, name, use, stands(facts), is_needed)
            for key, name, use, stands, is_needed in _STEPS
        ]
    )
