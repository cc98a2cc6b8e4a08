"""The catalogue from a table, on the administration's pages: upload, look, confirm."""

import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from motcua.models import Office
from motcua.tables.lines import read
from procedures.catalogue import new_version
from procedures.catalogue_import.table import TEMPLATE
from procedures.models import Procedure, ProcedureVersion
from tests.cast import Cast

PAGE = "/quan-tri/procedures/procedure/nhap/"


@pytest.fixture
def keeper(cast: Cast, client: Client) -> Client:
    """The administrator of every office, logged in."""
    client.force_login(cast.administrator)
    return client


def upload(client: Client, text: str) -> Any:
    return client.post(PAGE, {"file": SimpleUploadedFile("danh-muc.csv", text.encode())})


def confirmation(page: str) -> dict[str, str]:
    """What the page would send when it is confirmed."""
    return dict(re.findall(r'type="hidden" name="(da\w+)" value="([^"]+)"', page))


def test_catalogue_import_shows_every_difference_and_writes_what_was_looked_at(
    cast: Cast, keeper: Client
) -> None:
    Procedure.objects.filter(pk=cast.birth.pk).update(national_code="1.004884")
    text = (
        "Mã TTHC,Thời hạn,Đơn vị tính,Phí,Áp dụng từ\n"
        "1.004884.H12,4,ngày làm việc,8.000,01/07/2026\n"
    ).replace("Phí", '"Phí, lệ phí"')

    answer = upload(keeper, text)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "1 thủ tục thay đổi" in page
    assert "<del>5 ngày làm việc</del>" in page
    assert "<ins>4 ngày làm việc</ins>" in page
    assert cast.birth.versions.count() == 1, "nothing is written yet"

    answer = keeper.post(PAGE, confirmation(page))
    assert answer.status_code == 302
    version = cast.birth.versions.get(in_force_from=date(2026, 7, 1))
    assert (version.limit_value, version.fee_vnd) == (4, 8_000)
    again = keeper.post(PAGE, confirmation(page))
    assert again.status_code == 302, "the same form sent twice"
    assert cast.birth.versions.count() == 2


def test_catalogue_import_writes_doubtful_lines_only_when_they_were_looked_at(
    cast: Cast, keeper: Client
) -> None:
    text = (
        "Mã TTHC,Tên thủ tục,Lĩnh vực,Cấp tiếp nhận,Thời hạn,Đơn vị tính,Áp dụng từ,"
        "Thành phần hồ sơ\n1.014464. H12,Tên mới,Hộ tịch,xã,3,,01/07/2026,"
        '"Đơn (01 bản chính)\nBản sao giấy khai sinh"\n'
    )
    page = upload(keeper, text).content.decode()
    assert "có dấu cách thừa; hiểu là 1.014464.H12" in page
    assert "không có đơn vị tính" in page

    refused = keeper.post(PAGE, confirmation(page))
    assert refused.status_code == 422
    assert "Mời đánh dấu đã xem" in refused.content.decode()
    assert not Procedure.objects.filter(name="Tên mới").exists()

    keeper.post(PAGE, confirmation(page) | {"da_xem": "1"})
    made = Procedure.objects.get(name="Tên mới")
    assert made.national_code == "1.014464.H12"
    assert not made.versions.get().has_limit
    assert made.versions.get().papers.count() == 2, "a cell keeps its lines"


def test_catalogue_import_says_what_is_wrong_and_offers_nothing_to_confirm(keeper: Client) -> None:
    answer = upload(keeper, "Mã TTHC,Đơn vị tính\n1.004884,tuần\n")

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Đơn vị tính “tuần” không có." in page
    assert "danh_muc" not in page
    assert upload(keeper, "Tên,Lĩnh vực\nMột,Hai\n").status_code == 422
    assert upload(keeper, "").status_code == 422


def test_catalogue_import_takes_nothing_that_this_person_did_not_look_at(
    cast: Cast, keeper: Client
) -> None:
    version = ProcedureVersion.objects.get(procedure=cast.birth)
    Procedure.objects.filter(pk=cast.birth.pk).update(national_code="1.004884")
    page = upload(keeper, "Mã TTHC,Đến hết\n1.004884,31/12/2027\n").content.decode()
    sent = confirmation(page)

    forged = sent | {"danh_muc": sent["danh_muc"][:-3] + "abc"}
    assert keeper.post(PAGE, forged).status_code == 409
    new_version(version, date(2027, 7, 1), limit_value=9)
    meanwhile = keeper.post(PAGE, sent)
    assert meanwhile.status_code == 422, "the catalogue is another one since"
    assert "Danh mục vừa được thay đổi" in meanwhile.content.decode()
    version = ProcedureVersion.objects.get(procedure=cast.birth, in_force_from=date(2027, 7, 1))
    version.refresh_from_db()
    assert version.in_force_to is None


def test_catalogue_import_is_for_who_keeps_every_office(cast: Cast, client: Client) -> None:
    cast.administrator.office = Office.objects.get(pk=cast.tan_loc.pk)
    cast.administrator.save()
    client.force_login(cast.administrator)

    assert client.get(PAGE).status_code == 403
    assert upload(client, "Mã TTHC,Đến hết\n1.004884,31/12/2026\n").status_code == 403


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_catalogue_template_is_read_again_by_the_import(keeper: Client, kind: str) -> None:
    answer = keeper.get(f"{PAGE}mau.{kind}")

    assert answer.status_code == 200
    assert f"mau-danh-muc.{kind}" in answer.headers["Content-Disposition"]
    with pytest.raises(Exception, match="chưa có dòng nào"):
        read(answer.content, TEMPLATE)
