"""The accounts of the demonstration: one shared password, said openly, and a mark on each
account, so that the site refuses to be opened to a network while they exist."""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from dossiers.demo.plan import COMMUNES, DISTRICT
from motcua.models import Division, Office, Role, Staff

PASSWORD = "motcua-trinh-dien"  # noqa: S105  (printed beside the accounts, and meant to be)

LAND_OFFICE = "Chi nhánh Văn phòng Đăng ký đất đai huyện"
BUILDING_OFFICE = "Phòng Kinh tế và Hạ tầng"
CIVIL_STATUS = "Tư pháp - Hộ tịch"


@dataclass(frozen=True)
class Account:
    username: str
    full_name: str
    title: str
    roles: tuple[Role, ...]
    office: str = ""
    division: str = ""


DISTRICT_ACCOUNTS = (
    Account("canbo.967", "Trần Thị Mận", "Công chức một cửa", (Role.CLERK,), DISTRICT),
    Account("canbo2.967", "Nguyễn Văn Tràm", "Công chức một cửa", (Role.CLERK,), DISTRICT),
    Account(
        "chuyenvien.967", "Lê Văn Đước", "Viên chức", (Role.SPECIALIST,), DISTRICT, LAND_OFFICE
    ),
    Account(
        *("chuyenvien2.967", "Phạm Thị Sen", "Chuyên viên", (Role.SPECIALIST,)),
        *(DISTRICT, BUILDING_OFFICE),
    ),
    Account("lanhdao.967", "Huỳnh Văn Bần", "Phó Chủ tịch UBND huyện", (Role.LEADER,), DISTRICT),
    Account("giamsat.967", "Võ Thị Súng", "Phó Chánh Văn phòng", (Role.OVERSEER,), DISTRICT),
    Account("quantri", "Đặng Văn Sậy", "Quản trị hệ thống", (Role.ADMINISTRATOR,)),
)
CLERKS = (
    *("Lê Thị Bưởi", "Phan Văn Quao", "Ngô Thị Cúc", "Trương Văn Vẹt", "Bùi Thị Lài"),
    *("Đỗ Văn Mắm", "Hồ Thị Điệp", "Dương Văn Sộp", "Thạch Thị Huệ", "Tăng Văn Lác"),
    *("Quách Thị Ngâu", "Lâm Văn Gừa"),
)
LEADERS = (
    *("Phạm Văn Cau", "Nguyễn Thị Trang", "Võ Văn Ổi", "Trần Thị Lựu", "Huỳnh Văn Khế"),
    *("Lê Thị Thơm", "Danh Văn Xoài", "Đặng Thị Quýt", "Phan Văn Bứa", "Ngô Thị Lê"),
    *("Bùi Văn Chuối", "Hồ Thị Sứ"),
)


def accounts() -> list[Account]:
    """Every account, the district's first."""
    communes = []
    for code, clerk, leader in zip(COMMUNES, CLERKS, LEADERS, strict=True):
        communes += [
            Account(
                f"canbo.{code}",
                clerk,
                "Công chức Tư pháp - Hộ tịch",
                (Role.CLERK, Role.SPECIALIST),
                code,
                CIVIL_STATUS,
            ),
            Account(f"lanhdao.{code}", leader, "Chủ tịch UBND", (Role.LEADER,), code),
        ]
    return [*DISTRICT_ACCOUNTS, *communes]


def load_staff() -> dict[str, Staff]:
    """Create the accounts and return them by user name."""
    offices = {office.code: office for office in Office.objects.all()}
    divisions = {
        (division.office_id, division.name): division for division in Division.objects.all()
    }
    # Hashing is slow on purpose; once is enough for a password that everybody knows.
    password = make_password(PASSWORD)
    created = {}
    for account in accounts():
        office = offices[account.office] if account.office else None
        staff = Staff(
            username=account.username,
            full_name=account.full_name,
            title=account.title,
            office=office,
            division=divisions.get((office.pk, account.division)) if office else None,
            password=password,
            is_demo=True,
            is_staff=Role.ADMINISTRATOR in account.roles,
            is_superuser=Role.ADMINISTRATOR in account.roles,
            **{f"is_{role.value}": True for role in account.roles},
        )
        staff.save()
        created[staff.username] = staff
    return created
