"""The page of a merger: looked at, confirmed by typing its day, done, undone."""

import re
from html import unescape
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dossiers.models import Merger
from motcua.models import Office, Staff
from tests.cast import Cast, make_staff, vn
from tests.dossiers.merged import HEADER, Lives, make_lives, office, whole_file
from tests.dossiers.pages import logged_in, text

pytestmark = pytest.mark.django_db
PAGE = "/quan-tri/sap-xep-don-vi/"


@pytest.fixture
def lives(cast: Cast) -> Lives:
    with time_machine.travel(vn("2025-06-30T10:00"), tick=False):
        return make_lives(cast)


@pytest.fixture(autouse=True)
def on_the_day_after() -> object:
    with time_machine.travel(vn("2025-07-02T10:00"), tick=False):
        yield


@pytest.fixture
def keeper(cast: Cast) -> Client:
    person = make_staff("quan-tri-chung", cast.district, "administrator", is_staff=True)
    Staff.objects.filter(pk=person.pk).update(office=None)
    person.refresh_from_db()
    return logged_in(person)


def upload(client: Client, content: str) -> Any:
    file = SimpleUploadedFile("sap-xep.csv", content.encode(), content_type="text/csv")
    return client.post(PAGE, {"file": file})


def lines_in(response: Any) -> str:
    found = re.search(r'name="lines" value="([^"]*)"', response.content.decode())
    assert found is not None
    return unescape(found[1])


def test_merging_page_shows_everything_and_writes_nothing(lives: Lives, keeper: Client) -> None:
    shown = upload(keeper, whole_file())
    assert shown.status_code == 200
    words = text(shown)
    for said in ("Xã Tân Bằng 32069", "Xã Biển Bạch 32069", "đã có, nhận thêm", "giữ nguyên"):
        assert said in words
    assert Merger.objects.count() == 0


def test_merging_page_waits_for_the_day_to_be_typed(lives: Lives, keeper: Client) -> None:
    lines = lines_in(upload(keeper, whole_file()))
    for typed in ("", "2025-07-02"):
        answer = keeper.post(f"{PAGE}lam/", {"lines": lines, "day": typed})
        assert answer.status_code == 422
    assert Merger.objects.count() == 0
    done = keeper.post(f"{PAGE}lam/", {"lines": lines, "day": "01/07/2025"}, follow=True)
    merger = Merger.objects.get()
    assert merger.made_by is not None
    assert "Đã sắp xếp đơn vị từ ngày 01/07/2025." in text(done)
    again = keeper.post(f"{PAGE}lam/", {"lines": lines, "day": "01/07/2025"}, follow=True)
    assert again.redirect_chain[-1][0] == f"{PAGE}{merger.pk}/"
    assert Merger.objects.count() == 1


def test_merging_page_undoes_and_says_why_not_any_more(lives: Lives, keeper: Client) -> None:
    lines = lines_in(upload(keeper, whole_file()))
    keeper.post(f"{PAGE}lam/", {"lines": lines, "day": "2025-07-01"})
    merger = Merger.objects.get()
    address = f"{PAGE}{merger.pk}/"
    assert "Hoàn tác lần sắp xếp này" in text(keeper.get(address))
    make_staff("moi", office("32069"), "clerk", full_name="Lê Thị Mới")
    assert "Không hoàn tác được nữa" in text(keeper.get(address))
    refused = keeper.post(f"{address}hoan-tac/", follow=True)
    assert "Chưa hoàn tác." in text(refused)
    Staff.objects.get(username="moi").delete()
    assert "Đã hoàn tác" in text(keeper.post(f"{address}hoan-tac/", follow=True))
    assert Office.objects.coded("32068", vn("2025-07-02T09:00").date()) is not None


def test_merging_page_names_every_bad_line(lives: Lives, keeper: Client) -> None:
    answer = upload(keeper, HEADER + "32069,Xã Biển Bạch,32069,Xã Biển Bạch,2025-07-01\n")
    assert answer.status_code == 422
    assert "mã 32069 là của Xã Tân Bằng, không phải Xã Biển Bạch." in text(answer)
    assert "Xã Biển Bạch có mã 32068." in text(answer)


def test_merging_page_is_for_who_keeps_every_office(lives: Lives, cast: Cast) -> None:
    commune = make_staff("quan-tri-xa", cast.tan_loc, "administrator", is_staff=True)
    assert logged_in(commune).get(PAGE).status_code == 403
    assert "Sắp xếp đơn vị hành chính" not in text(logged_in(commune).get("/quan-tri/"))
    assert "Sắp xếp đơn vị hành chính" in text(logged_in(cast.administrator).get("/quan-tri/"))
    assert logged_in(cast.leader).get(PAGE).status_code == 403


def test_merging_page_offers_the_example(keeper: Client) -> None:
    example = keeper.get(f"{PAGE}mau.csv")
    assert example.content.decode().startswith("old_code,old_name,new_code,new_name,on")
