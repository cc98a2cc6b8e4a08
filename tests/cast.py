"""The cast that tests share: real offices, the real calendar, a few real procedures, staff.

Plain functions on real rows; `tests/conftest.py` offers them as fixtures.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dossiers.lifecycle import perform
from dossiers.lifecycle.intake import Intake
from dossiers.models import Dossier
from motcua import clock
from motcua.models import Division, Office, Staff
from motcua.operations.base_data import load_offices
from procedures.catalogue import load_calendar
from procedures.models import Procedure, ProcedureVersion, RequiredPaper, Sector

PASSWORD = "mot-cua-thu-nghiem"


def vn(text: str) -> datetime:
    """A local moment: vn("2016-02-04T09:00")."""
    return clock.aware(datetime.fromisoformat(text))


def make_staff(username: str, office: Office, *roles: str, **fields: Any) -> Staff:
    """An officer of the office with the named roles: make_staff("lan", office, "clerk")."""
    staff = Staff(
        username=username,
        full_name=fields.pop("full_name", f"Cán bộ {username}"),
        office=office,
        **{f"is_{role}": True for role in roles},
        **fields,
    )
    staff.set_password(PASSWORD)
    staff.save()
    return staff


def make_procedure(
    key: str,
    name: str,
    sector: str,
    level: str,
    value: int,
    unit: str,
    *,
    department: str = "",
    papers: tuple[str, ...] = ("Đơn đề nghị",),
    **fields: Any,
) -> Procedure:
    procedure = Procedure.objects.create(
        key=key, name=name, level=level, sector=Sector.objects.get_or_create(name=sector)[0]
    )
    version = ProcedureVersion.objects.create(
        procedure=procedure,
        limit_value=value,
        limit_unit=unit,
        department=department,
        confidence="found",
        **fields,
    )
    for position, paper in enumerate(papers, start=1):
        RequiredPaper.objects.create(version=version, position=position, name=paper)
    return procedure


@dataclass
class Cast:
    """Who and what the tests speak of."""

    district: Office
    tan_loc: Office
    bien_bach: Office
    land: Procedure
    building: Procedure
    copy: Procedure
    birth: Procedure
    land_division: Division
    clerk: Staff
    specialist: Staff
    leader: Staff
    overseer: Staff
    administrator: Staff
    commune_clerk: Staff
    commune_leader: Staff
    other_clerk: Staff

    def received(
        self,
        at: str = "2016-02-04T09:00",
        *,
        office: Office | None = None,
        procedure: Procedure | None = None,
        by: Staff | None = None,
        **fields: Any,
    ) -> Dossier:
        """A dossier received at this local moment, at the district's desk unless said."""
        fields.setdefault("applicant_name", "Nguyễn Văn Ân")
        return perform.register(
            Intake(
                office=office or self.district,
                procedure=procedure or self.land,
                **fields,
            ),
            by=by or self.clerk,
            at=vn(at),
        )


def make_cast() -> Cast:
    load_offices()
    load_calendar()
    district = Office.objects.get(code="967")
    tan_loc = Office.objects.get(code="32086")
    bien_bach = Office.objects.get(code="32068")
    land = make_procedure(
        "H901",
        "Đăng ký biến động quyền sử dụng đất",
        "Đất đai",
        "district",
        10,
        "working_day",
        department="Chi nhánh Văn phòng Đăng ký đất đai huyện",
        papers=("Đơn đăng ký biến động (01 bản chính)", "Giấy chứng nhận đã cấp (bản gốc)"),
        payment_stops_clock=True,
    )
    building = make_procedure(
        "H902",
        "Cấp giấy phép xây dựng nhà ở riêng lẻ",
        "Hoạt động xây dựng",
        "district",
        15,
        "calendar_day",
        department="Phòng Kinh tế và Hạ tầng",
    )
    copy = make_procedure(
        "X901", "Chứng thực bản sao từ bản chính", "Chứng thực", "commune", 0, "same_day"
    )
    birth = make_procedure("X902", "Đăng ký lại khai sinh", "Hộ tịch", "commune", 5, "working_day")
    division = Division.objects.create(
        office=district, name="Chi nhánh Văn phòng Đăng ký đất đai huyện"
    )
    return Cast(
        district=district,
        tan_loc=tan_loc,
        bien_bach=bien_bach,
        land=land,
        building=building,
        copy=copy,
        birth=birth,
        land_division=division,
        clerk=make_staff("mot-cua", district, "clerk", full_name="Trần Thị Mận"),
        specialist=make_staff(
            "chuyen-vien", district, "specialist", division=division, full_name="Lê Văn Đời"
        ),
        leader=make_staff("chu-tich", district, "leader", full_name="Phạm Hoàng Khởi"),
        overseer=make_staff("giam-sat", district, "overseer"),
        administrator=make_staff("quan-tri", district, "administrator", is_staff=True),
        commune_clerk=make_staff("mot-cua-xa", tan_loc, "clerk"),
        commune_leader=make_staff("chu-tich-xa", tan_loc, "leader"),
        other_clerk=make_staff("mot-cua-khac", bien_bach, "clerk"),
    )
