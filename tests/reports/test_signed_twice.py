"""Sign-off, reopening and opening figures: the same form sent twice gets the first answer."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from motcua.models import Office, Staff
from reports.models import Closing, OpeningFigures, Reopening
from tests.cast import Cast, make_staff
from tests.dossiers.pages import logged_in
from tests.reports.test_closing import page_of, sign
from tests.reports.test_opening import totals
from tests.reports.test_opening_pages import ENTRY, typed


def answer(response: HttpResponse) -> tuple[int, str]:
    return response.status_code, response.headers.get("Location", "")


def twice(by: Staff, address: str, data: dict[str, Any]) -> str:
    """Send the form twice; where both answers lead."""
    client = logged_in(by)
    first, second = (answer(client.post(address, data)) for _ in range(2))
    assert first == second
    assert first[0] == 302
    return first[1]


def signing(by: Staff, office: Office) -> dict[str, Any]:
    context = logged_in(by).get(page_of(office)).context
    version = context["standing"].next_version
    return {"seen": context["seen"], "version": version, "note": " Đã xem "}


def test_signed_twice_signing_sent_twice_is_one_signature(cast: Cast) -> None:
    cast.received("2016-03-01T09:00")
    form, address = signing(cast.leader, cast.district), page_of(cast.district) + "ky/"
    page = logged_in(cast.leader).get(page_of(cast.district)).content.decode()
    assert '<input type="hidden" name="version" value="1">' in page
    assert twice(cast.leader, address, form) == page_of(cast.district)
    assert Closing.objects.count() == 1


def test_signed_twice_signing_sent_again_after_a_reopening_signs_nothing(cast: Cast) -> None:
    """A browser that tries again; the figures are still the same."""
    cast.received("2016-03-31T09:00", office=cast.tan_loc, procedure=cast.birth)
    form, address = signing(cast.commune_leader, cast.tan_loc), page_of(cast.tan_loc) + "ky/"
    first = logged_in(cast.commune_leader).post(address, form)
    reason = {"version": "1", "reason": "Nhập sót"}
    logged_in(cast.leader).post(page_of(cast.tan_loc) + "mo-lai/", reason)
    assert answer(logged_in(cast.commune_leader).post(address, form)) == answer(first)
    assert Closing.objects.count() == 1
    other = make_staff("pho-chu-tich", cast.tan_loc, "leader")
    stale = logged_in(other).post(address, form)
    assert stale.status_code == 409
    assert "đã được ký rồi mở lại sau khi ông/bà mở trang" in stale.content.decode()
    fresh = signing(cast.commune_leader, cast.tan_loc)
    assert fresh["version"] == 2
    assert twice(cast.commune_leader, address, fresh) == page_of(cast.tan_loc)
    assert Closing.objects.count() == 2


def test_signed_twice_another_leader_or_another_note_is_no_second_sending(cast: Cast) -> None:
    cast.received("2016-03-01T09:00")
    form, address = signing(cast.leader, cast.district), page_of(cast.district) + "ky/"
    assert logged_in(cast.leader).post(address, form).status_code == 302
    other = make_staff("pho-chu-tich", cast.district, "leader")
    for by, note in ((other, form["note"]), (cast.leader, "Thiếu một hồ sơ")):
        refused = logged_in(by).post(address, form | {"note": note})
        assert refused.status_code == 409
        assert "Kỳ này đã được ký." in refused.content.decode()


def test_reopening_sent_twice_is_one_reopening(cast: Cast) -> None:
    cast.received("2016-03-31T09:00", office=cast.tan_loc, procedure=cast.birth)
    sign(cast.tan_loc, cast.commune_leader)
    form, address = {"version": "1", "reason": "Nhập sót"}, page_of(cast.tan_loc) + "mo-lai/"
    assert twice(cast.leader, address, form) == page_of(cast.tan_loc)
    assert Reopening.objects.count() == 1
    sign(cast.tan_loc, cast.commune_leader)
    assert twice(cast.leader, address, form) == page_of(cast.tan_loc)
    assert Reopening.objects.count() == 1
    other = make_staff("pho-chu-tich", cast.district, "leader")
    assert logged_in(other).post(address, form).status_code == 409


def test_signed_twice_administrators_reopening_sent_twice_is_one(cast: Cast) -> None:
    cast.received("2016-03-01T09:00")
    closing = sign(cast.district, cast.leader)
    form, address = {"ky": closing.pk, "reason": "Nhập sót hồ sơ"}, reverse("reopenings")
    assert twice(cast.administrator, address, form) == address
    assert Reopening.objects.count() == 1
    other = make_staff("quan-tri-hai", cast.district, "administrator", is_staff=True)
    assert logged_in(other).post(address, form).status_code == 404


def test_opening_figures_sent_twice_are_entered_changed_and_withdrawn_once(cast: Cast) -> None:
    twice(cast.leader, ENTRY, typed(cast))
    entry = OpeningFigures.objects.get()
    assert logged_in(cast.administrator).post(ENTRY, typed(cast)).status_code == 409
    changed = typed(cast, carried_over="11", resolved_early="61", total_in="101")
    changed |= {"resolved_total": "95", "ly_do": "Chép nhầm"}
    twice(cast.leader, reverse("opening_change", args=["967", entry.pk]), changed)
    last = OpeningFigures.objects.get(version=2)
    withdraw = reverse("opening_withdraw", args=["967", last.pk])
    twice(cast.leader, withdraw, {"ly_do_bo": "Đã nhập đủ hồ sơ"})
    assert OpeningFigures.objects.count() == 3
    late = logged_in(cast.administrator).post(withdraw, {"ly_do_bo": "Đã nhập đủ hồ sơ"})
    assert late.status_code == 409


def test_change_of_figures_that_somebody_has_changed_is_told_so(cast: Cast) -> None:
    entry = totals(cast)
    change = reverse("opening_change", args=["967", entry.pk])
    changed = typed(cast, carried_over="11", resolved_early="61", total_in="101")
    changed |= {"resolved_total": "95", "ly_do": "Chép nhầm"}
    assert logged_in(cast.leader).post(change, changed).status_code == 302
    stale = logged_in(cast.administrator).post(change, changed | {"ly_do": "Khác"})
    assert stale.status_code == 409
    assert "vừa có người sửa" in stale.content.decode()
