"""Who reopens where nobody leads from above: an administrator, with a reason."""

from motcua.models import Staff
from reports.models import Closing
from reports.sign_off import closing as rules
from tests.cast import Cast, make_staff
from tests.dossiers.pages import logged_in, text
from tests.reports.test_closing import QUARTER, sign

PAGE = "/bao-cao/chot/mo-lai/"


def test_reopenings_administrator_reopens_where_nobody_leads_from_above(cast: Cast) -> None:
    cast.received("2016-03-01T09:00")
    closing = sign(cast.district, cast.leader)
    client = logged_in(cast.administrator)
    assert "Huyện Thới Bình, Quý I năm 2016" in text(client.get(PAGE))
    empty = client.post(PAGE, {"ky": closing.pk, "reason": " "})
    assert (empty.status_code, "Hãy ghi lý do mở lại kỳ." in text(empty)) == (409, True)
    long = client.post(PAGE, {"ky": closing.pk, "reason": "Nhập sót hồ sơ. " * 40})
    assert (long.status_code, "không quá 500 ký tự" in text(long)) == (409, True)
    assert "Nhập sót hồ sơ. " * 40 in long.content.decode()
    assert client.post(PAGE, {"ky": '{"a": 1}', "reason": "Nhập sót hồ sơ"}).status_code == 404
    done = client.post(PAGE, {"ky": closing.pk, "reason": "Nhập sót hồ sơ"})
    assert done.status_code == 302
    assert Closing.objects.get().reopening.reopened_by == cast.administrator
    assert "Không có kỳ nào chờ người quản trị mở lại." in text(client.get(PAGE))
    assert not rules.standing_of(cast.district, QUARTER).is_signed


def test_reopenings_where_somebody_leads_from_above_an_administrator_does_not(cast: Cast) -> None:
    closing = sign(cast.tan_loc, cast.commune_leader)
    client = logged_in(cast.administrator)
    assert "Xã Tân Lộc" not in text(client.get(PAGE))
    assert client.post(PAGE, {"ky": closing.pk, "reason": "Thử"}).status_code == 404
    assert rules.may_reopen(cast.leader, cast.tan_loc)
    Staff.objects.filter(pk=cast.leader.pk).update(is_active=False)
    assert rules.may_reopen(cast.administrator, cast.tan_loc)


def test_reopenings_who_leads_the_office_does_not_reopen_it_as_its_administrator(
    cast: Cast,
) -> None:
    both = make_staff("ca-hai", cast.district, "leader", "administrator")
    assert not rules.may_reopen(both, cast.district)
    assert not rules.may_reopen(cast.overseer, cast.district)
    assert not rules.may_reopen(cast.leader, cast.district)
