"""Receiving for another office as the clerk, the solver and the citizen see it."""

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dossiers.desk.elsewhere import offices_received_for
from dossiers.lifecycle import perform
from dossiers.lifecycle.intake import Intake
from dossiers.models import Dossier
from dossiers.paper import forms_01_03
from motcua.models import Level, Office, ReceptionPoint
from procedures.models import ElsewhereRule, OfficeClosure, Procedure
from tests.cast import Cast, make_staff, vn
from tests.dossiers.counter_pages import PAGE, page_of, text, typed
from tests.dossiers.printed import words_of

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def of_that_day() -> Iterator[None]:
    with time_machine.travel(vn("2026-03-02T10:00"), tick=False):
        yield


@pytest.fixture
def clerk(cast: Cast, client: Client) -> Client:
    """At the desk of Biển Bạch."""
    client.force_login(cast.other_clerk)
    return client


def offered(page: object, field: str = "solver") -> list[str]:
    fields = page.context["form"].fields  # type: ignore[attr-defined]
    return [words for _, words in fields[field].choices] if field in fields else []


def received(cast: Cast, at: str = "2026-03-02T09:00", **fields: object) -> Dossier:
    given = {"applicant_name": "Nguyễn Văn Ân"} | fields
    intake = Intake(
        office=cast.tan_loc,
        receiver=cast.bien_bach,
        procedure=cast.birth,
        **given,  # type: ignore[arg-type]
    )
    return perform.register(intake, by=cast.other_clerk, at=vn(at))


# Intake


def test_intake_for_another_commune(clerk: Client, cast: Cast) -> None:
    page = clerk.get(page_of(cast.birth))
    assert offered(page) == ["Xã Biển Bạch (không nhận thay)", "Xã Tân Lộc"]

    form = typed(cast.birth, solver=str(cast.tan_loc.pk))
    done = clerk.post(page_of(cast.birth), form, follow=True)

    dossier = Dossier.objects.get()
    assert (dossier.receiver, dossier.office) == (cast.bien_bach, cast.tan_loc)
    assert dossier.return_office is None
    assert "xã Tân Lộc giải quyết" in text(done)
    assert "17:00 ngày 03/03/2026" in text(done) or "03/03/2026" in text(done)


def test_intake_without_a_choice_is_the_desks_own(clerk: Client, cast: Cast) -> None:
    clerk.post(page_of(cast.birth), typed(cast.birth))

    dossier = Dossier.objects.get()
    assert (dossier.receiver, dossier.office) == (cast.bien_bach, cast.bien_bach)


def test_intake_result_is_returned_at_the_solver(clerk: Client, cast: Cast) -> None:
    form = typed(cast.birth, solver=str(cast.tan_loc.pk), return_at="solver")
    clerk.post(page_of(cast.birth), form)

    assert Dossier.objects.get().return_place == cast.tan_loc


def test_intake_due_counts_by_the_office_that_is_chosen(clerk: Client, cast: Cast) -> None:
    OfficeClosure.objects.create(office=cast.tan_loc, date=date(2026, 3, 5), reason="dời trụ sở")
    address = f"{PAGE}ngay-hen/?thu-tuc={cast.birth.key}"

    assert "09/03/2026" in text(clerk.get(address))
    assert "10/03/2026" in text(clerk.get(f"{address}&cho={cast.tan_loc.pk}"))


def test_intake_before_2025_offers_no_other_office(clerk: Client, cast: Cast) -> None:
    with time_machine.travel(vn("2016-02-04T09:05"), tick=False):
        assert offered(clerk.get(page_of(cast.birth))) == []
        assert "Nhận thay" not in text(clerk.get(PAGE))


def test_intake_what_is_solved_at_once_is_not_received_for_others(
    clerk: Client, cast: Cast
) -> None:
    assert offered(clerk.get(page_of(cast.copy))) == []

    page = clerk.post(page_of(cast.copy), typed(cast.copy, solver=str(cast.tan_loc.pk)))

    assert page.status_code == 422
    assert "không nhận thay được" in text(page)
    assert not Dossier.objects.exists()


def test_intake_procedure_of_another_level_asks_for_whom(cast: Cast, clerk: Client) -> None:
    page = clerk.get(page_of(cast.land))
    assert offered(page) == ["Huyện Thới Bình"]

    assert clerk.post(page_of(cast.land), typed(cast.land)).status_code == 422
    clerk.post(page_of(cast.land), typed(cast.land, solver=str(cast.district.pk)))

    dossier = Dossier.objects.get()
    assert (dossier.receiver, dossier.office) == (cast.bien_bach, cast.district)


def test_intake_choose_seeks_what_the_other_office_takes(clerk: Client, cast: Cast) -> None:
    assert "Nhận thay cho đơn vị khác" in text(clerk.get(PAGE))
    page = clerk.get(PAGE, {"cho": cast.district.pk, "q": "quyền sử dụng đất"})

    assert page.status_code == 302
    assert page["Location"] == f"{page_of(cast.land)}&cho={cast.district.pk}"
    assert clerk.get(page["Location"]).context["form"]["solver"].value() == str(cast.district.pk)


# The province's rules


def rule(**fields: object) -> None:
    ElsewhereRule.objects.create(source="QĐ thử nghiệm", **fields)


def allowed(procedure: Procedure, day: date = DAY) -> bool:
    return ElsewhereRule.objects.allows(procedure, procedure.version_on(day), day)


def test_elsewhere_rule_the_closest_decides(cast: Cast) -> None:
    assert allowed(cast.birth) and not allowed(cast.copy)
    rule(is_allowed=False)
    assert not allowed(cast.birth)
    rule(level="commune", is_allowed=True)
    assert allowed(cast.birth) and allowed(cast.copy) and not allowed(cast.land)
    rule(sector=cast.birth.sector, is_allowed=False)
    assert not allowed(cast.birth)
    rule(procedure=cast.birth, is_allowed=True)
    assert allowed(cast.birth)


def test_elsewhere_rule_has_days(cast: Cast) -> None:
    rule(procedure=cast.birth, is_allowed=False, since=date(2026, 3, 1))

    assert not allowed(cast.birth)
    assert allowed(cast.birth, date(2026, 2, 28))


def test_elsewhere_rule_land_only_where_it_lies(cast: Cast) -> None:
    cast.birth.national_code = "2.001035.000.00.00.H12"
    assert not allowed(cast.birth)


def test_offices_received_for_have_people_exist_and_are_of_the_province(cast: Cast) -> None:
    version = cast.birth.version_on(DAY)

    def names() -> list[str]:
        found = offices_received_for(cast.birth, version, cast.bien_bach, DAY)
        return [office.name for office in found]

    elsewhere = Office.objects.create(code="79", name="Thành phố Xa", level=Level.PROVINCE)
    far = Office.objects.create(
        code="26734", name="Phường Xa", level=Level.COMMUNE, parent=elsewhere
    )
    make_staff("xa", far, "clerk")
    assert names() == ["Xã Tân Lộc"]
    Office.objects.filter(pk=cast.tan_loc.pk).update(exists_until=date(2026, 3, 1))
    assert names() == []


def test_offices_received_for_as_many_statements_with_64_communes(cast: Cast) -> None:
    version = cast.birth.version_on(DAY)

    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            offices_received_for(cast.birth, version, cast.bien_bach, DAY)
        return len(asked)

    few = statements()
    for number in range(64):
        office = Office.objects.create(
            code=f"5{number:04}",
            name=f"Xã Mới {number}",
            level=Level.COMMUNE,
            parent=cast.bien_bach.parent,
        )
        make_staff(f"moi-{number}", office, "clerk")

    assert statements() == few
    assert len(offices_received_for(cast.birth, version, cast.bien_bach, DAY)) == 65


# Points of reception


@pytest.fixture
def point(cast: Cast) -> ReceptionPoint:
    return ReceptionPoint.objects.create(
        office=cast.bien_bach, name="Điểm Tân Bằng", address="Ấp 2, đường liên xã"
    )


def test_intake_point_is_chosen_remembered_printed_and_public(
    clerk: Client, cast: Cast, point: ReceptionPoint
) -> None:
    clerk.post(page_of(cast.birth), typed(cast.birth, at_point=str(point.pk)))

    dossier = Dossier.objects.get()
    assert (dossier.point, dossier.return_point) == (point, point)
    form = clerk.get(page_of(cast.birth)).context["form"]
    assert form["at_point"].value() == str(point.pk)
    slip = words_of(forms_01_03.slip(dossier))
    assert "Điểm Tân Bằng (Ấp 2, đường liên xã)" in slip
    assert "Điểm Tân Bằng" in text(clerk.get(f"/don-vi/{cast.bien_bach.code}/"))


def test_intake_point_that_closed_is_not_offered(
    clerk: Client, cast: Cast, point: ReceptionPoint
) -> None:
    ReceptionPoint.objects.update(open_until=date(2026, 3, 1))

    assert offered(clerk.get(page_of(cast.birth)), "at_point") == []
    assert "Điểm Tân Bằng" not in text(clerk.get(f"/don-vi/{cast.bien_bach.code}/"))


# Papers, pages, look-up


@pytest.mark.parametrize("at", ["2016-02-04T09:00", "2019-03-04T09:00", "2026-03-02T09:00"])
def test_slip_has_the_receivers_head_and_names_the_solver(cast: Cast, at: str) -> None:
    dossier = received(cast, at)
    slip = words_of(forms_01_03.slip(dossier))

    assert "ỦY BAN NHÂN DÂN XÃ BIỂN BẠCH" in slip
    assert "Cơ quan giải quyết: Ủy ban nhân dân xã Tân Lộc" in slip


def test_slip_of_an_own_dossier_names_no_solver(cast: Cast) -> None:
    own = cast.received(
        "2026-03-02T09:00", office=cast.tan_loc, procedure=cast.birth, by=cast.commune_clerk
    )

    assert "Cơ quan giải quyết" not in words_of(forms_01_03.slip(own))


def test_slip_returned_at_the_solver_says_so(cast: Cast) -> None:
    slip = words_of(forms_01_03.slip(received(cast, return_office=cast.tan_loc)))

    assert "Trung tâm Phục vụ hành chính công xã Tân Lộc" in slip


def test_look_up_says_who_solves_and_where_to_collect(client: Client, cast: Cast) -> None:
    Office.objects.filter(pk=cast.bien_bach.pk).update(address="Ấp 18, Biển Bạch")
    dossier = received(cast)
    page = text(client.get("/tra-cuu/", {"ma": dossier.code}))

    assert "Hồ sơ do xã Tân Lộc giải quyết, đang ở xã Tân Lộc" in page
    assert "Ấp 18, Biển Bạch" in page


def test_dossier_page_says_the_four_facts_and_the_late_paper(clerk: Client, cast: Cast) -> None:
    dossier = received(cast)
    page = text(clerk.get(f"/ho-so/{dossier.code}/"))
    assert "Xã Biển Bạch tiếp nhận, xã Tân Lộc giải quyết, trả kết quả tại xã Biển Bạch" in page
    assert "Bản giấy phải đến trước" in page

    with time_machine.travel(vn("2026-03-04T08:00"), tick=False):
        clerk.force_login(cast.other_clerk)
        assert "Bản giấy chưa đến, đã quá hạn" in text(clerk.get(f"/ho-so/{dossier.code}/"))


def test_desk_of_the_solver_takes_the_paper(client: Client, cast: Cast) -> None:
    dossier = received(cast)
    client.force_login(cast.commune_clerk)
    page = client.get("/ban-lam-viec/", {"hang-doi": "cho-ban-giay"})
    assert "Nơi khác nhận, chờ giấy" in text(page)
    assert dossier.code in text(page)

    form = client.get(f"/ho-so/{dossier.code}/viec/take_paper/").context["form"]
    posted = {name: form[name].value() or "" for name in form.fields}
    done = client.post(f"/ho-so/{dossier.code}/viec/take_paper/", posted, follow=True)

    assert "Đã ghi nhận bản giấy" in text(done)
    dossier.refresh_from_db()
    assert dossier.paper_came_at is not None


def test_desk_without_such_dossiers_shows_no_such_queue(client: Client, cast: Cast) -> None:
    client.force_login(cast.commune_clerk)

    assert "chờ giấy" not in text(client.get("/ban-lam-viec/"))


def test_note_external_is_on_the_page_and_found(client: Client, cast: Cast) -> None:
    dossier = received(cast)
    client.force_login(cast.commune_clerk)
    address = f"/ho-so/{dossier.code}/viec/external/"
    form = client.get(address).context["form"]
    posted = {name: form[name].value() or "" for name in form.fields}
    posted |= {"system": "Hộ tịch điện tử", "code": "HT-77", "status": "đang tra cứu"}
    page = client.post(address, posted, follow=True)

    assert "Hộ tịch điện tử, mã HT-77: đang tra cứu" in text(page)
    found = client.post("/ho-so/", {"q": "ht-77"}, follow=True)
    assert found.context["dossier"] == dossier
