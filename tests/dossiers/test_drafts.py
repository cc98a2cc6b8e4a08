"""What a clerk types is kept for her alone until it is saved, and no longer than a day."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dossiers.models import Dossier, Event, IntakeDraft
from motcua.operations.backup import databases
from tests.cast import Cast, make_staff, vn
from tests.dossiers.counter_pages import PAGE, page_of, text, typed, value

KEEP, DROP = f"{PAGE}tam-giu/", f"{PAGE}tam-giu/bo/"
CARD = "096190000123|381234567|Nguyễn Thị Mẫu|05031990|Nữ|Ấp 1|12082021"


@pytest.fixture(autouse=True)
def day() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(vn("2016-02-04T09:05"), tick=False) as traveller:
        yield traveller


@pytest.fixture
def clerk(cast: Cast, client: Client) -> Client:
    client.force_login(cast.clerk)
    return client


def keep(client: Client, cast: Cast, **fields: str) -> dict[str, str]:
    form = typed(cast.land, without=1, phone="0900000001") | fields
    response = client.post(f"{KEEP}?thu-tuc=H901", form)
    assert response.status_code == 200
    return form | {"kept": json.loads(response.content)["kept"]}


def held(form: dict[str, str]) -> str:
    return f"{PAGE}?thu-tuc=H901&giu={form['token']}"


def test_draft_is_shown_again_with_its_ticks_under_the_same_token(
    clerk: Client, cast: Cast
) -> None:
    form = keep(clerk, cast)
    assert form["kept"] == "09:05"
    page = clerk.get(held(form))
    assert value(page, "applicant_name") == "Nguyễn Văn Ân"
    assert value(page, "phone") == "0900000001"
    assert value(page, "token") == form["token"]
    assert page.content.decode().count('-given" checked') == 1
    assert "Bản tạm giữ lúc 09:05." in text(page)


def test_draft_of_one_form_is_one_row_and_the_last_one(clerk: Client, cast: Cast) -> None:
    form = keep(clerk, cast)
    keep(clerk, cast, token=form["token"], phone="0900000002")
    assert IntakeDraft.objects.count() == 1
    assert value(clerk.get(held(form)), "phone") == "0900000002"


def test_draft_is_kept_once_somebody_typed_words(clerk: Client, cast: Cast) -> None:
    """Ticks, choices and what the page filled in are soon there again."""
    nothing = {"applicant_name": " ", "phone": "", "fee_vnd": "50000", "items": "Tờ khai"}
    form = keep(clerk, cast, **nothing)
    assert (form["kept"], IntakeDraft.objects.count()) == ("", 0)
    page = clerk.post(page_of(cast.land), form | {"act": "hold"}, follow=True)
    assert "Không có gì để giữ: chưa gõ gì" in text(page)
    assert keep(clerk, cast, **nothing | {"token": form["token"], "note": "hẹn chiều"})["kept"]
    assert keep(clerk, cast, **nothing | {"token": form["token"]})["kept"] == ""
    assert not IntakeDraft.objects.exists(), "what was taken out again is not kept"


def test_draft_of_one_visit_is_one_though_its_page_was_opened_again(
    clerk: Client, cast: Cast
) -> None:
    keep(clerk, cast)
    again = keep(clerk, cast, address="Ấp 1")
    assert [str(draft.token) for draft in IntakeDraft.objects.all()] == [again["token"]]
    keep(clerk, cast, applicant_name="Võ Thị Đào")
    assert IntakeDraft.objects.count() == 2, "another person stays"


def test_drafts_are_listed_for_their_clerk_alone(clerk: Client, cast: Cast) -> None:
    form = keep(clerk, cast)
    assert "Đang giữ Nguyễn Văn Ân" in text(clerk.get(PAGE))
    colleague = Client()
    colleague.force_login(make_staff("khac", cast.district, "clerk"))
    assert "Nguyễn Văn Ân" not in text(colleague.get(PAGE))
    page = colleague.get(held(form))
    assert page.status_code == 404
    assert "Nguyễn Văn Ân" not in text(page)
    colleague.post(DROP, {"token": form["token"]})
    assert IntakeDraft.objects.count() == 1


def test_draft_is_gone_with_the_saving_of_its_dossier(clerk: Client, cast: Cast) -> None:
    form = keep(clerk, cast)
    other = keep(clerk, cast, phone="0900000002")
    whole = typed(cast.land, token=form["token"])
    assert clerk.post(page_of(cast.land), whole).status_code == 302
    assert [str(draft.token) for draft in IntakeDraft.objects.all()] == [other["token"]]
    late = clerk.post(f"{KEEP}?thu-tuc=H901", whole)
    assert json.loads(late.content) == {"kept": ""}, "what comes after the saving is not kept"
    assert IntakeDraft.objects.count() == 1


def test_draft_of_a_form_that_is_refused_stays(clerk: Client, cast: Cast) -> None:
    form = keep(clerk, cast)
    refused = typed(cast.land, without=1, token=form["token"])
    assert clerk.post(page_of(cast.land), refused).status_code == 422
    assert IntakeDraft.objects.count() == 1
    assert not Dossier.objects.exists()


def test_without_a_script_the_button_holds_what_was_typed(clerk: Client, cast: Cast) -> None:
    form = typed(cast.land, act="hold", applicant_name="Võ Thị Đào", phone="12")
    response = clerk.post(page_of(cast.land), form, follow=True)
    page = text(response)
    assert response.redirect_chain == [(PAGE, 302)]
    assert "Đã tạm giữ." in page
    assert "Võ Thị Đào" in page
    assert value(clerk.get(held(form)), "phone") == "12"
    assert not Dossier.objects.exists()


def test_draft_can_be_thrown_away(clerk: Client, cast: Cast) -> None:
    form = keep(clerk, cast)
    response = clerk.post(DROP, {"token": form["token"]}, follow=True)
    assert "Đã bỏ bản tạm giữ." in text(response)
    assert "Nguyễn Văn Ân" not in text(response)
    assert not IntakeDraft.objects.exists()


def test_draft_never_has_the_text_of_a_card_nor_a_password(clerk: Client, cast: Cast) -> None:
    keep(clerk, cast, scan=CARD, address=CARD, note=f"x {CARD}", password="bí mật")
    kept = json.dumps(IntakeDraft.objects.get().fields, ensure_ascii=False)
    for secret in ("096190000123", "Nguyễn Thị Mẫu", "|", "bí mật", "csrf"):
        assert secret not in kept
    assert "0900000001" in kept


def test_drafts_of_more_than_a_day_are_not_shown_and_are_pruned(
    clerk: Client, cast: Cast, day: time_machine.Traveller, capsys: pytest.CaptureFixture[str]
) -> None:
    form = keep(clerk, cast)
    day.move_to(vn("2016-02-05T09:04"))
    clerk.force_login(cast.clerk)
    fresh = keep(clerk, cast, phone="0900000002")
    assert clerk.get(held(form)).status_code == 200
    day.move_to(vn("2016-02-05T09:06"))
    assert clerk.get(held(form)).status_code == 404
    call_command("prune_drafts")
    assert "Đã bỏ 1 bản tạm giữ" in capsys.readouterr().out
    assert [str(draft.token) for draft in IntakeDraft.objects.all()] == [fresh["token"]]


def test_drafts_of_one_clerk_are_twenty_at_most_and_the_oldest_gives_way(
    clerk: Client, cast: Cast, day: time_machine.Traveller
) -> None:
    first = keep(clerk, cast)
    for number in range(20):
        day.move_to(vn(f"2016-02-04T10:{number:02}"))
        keep(clerk, cast, phone=f"09000001{number:02}")
    assert IntakeDraft.objects.count() == 20
    assert clerk.get(held(first)).status_code == 404


def test_draft_of_more_than_twenty_thousand_bytes_is_refused(clerk: Client, cast: Cast) -> None:
    form = typed(cast.land, note="ạ" * 7000)
    response = clerk.post(f"{KEEP}?thu-tuc=H901", form)
    assert response.status_code == 413
    assert "quá dài" in json.loads(response.content)["why"]
    assert not IntakeDraft.objects.exists()
    held_by_button = clerk.post(page_of(cast.land), form | {"act": "hold"})
    assert held_by_button.status_code == 422
    assert "Quá dài nên chưa giữ được." in text(held_by_button)


def test_draft_of_a_procedure_that_is_not_there_is_not_kept(clerk: Client, cast: Cast) -> None:
    assert clerk.post(f"{KEEP}?thu-tuc=KHONG", typed(cast.land)).status_code == 404
    assert clerk.post(f"{KEEP}?thu-tuc=H901", typed(cast.land, token="x")).status_code == 404
    assert not IntakeDraft.objects.exists()


def test_choice_of_a_procedure_asks_as_often_for_one_draft_as_for_many(
    clerk: Client, cast: Cast
) -> None:
    counts = []
    clerk.get(PAGE)
    for number in (1, 6):
        for one in range(number):
            keep(clerk, cast, phone=f"09000001{number}{one}")
        with CaptureQueriesContext(connection) as asked:
            clerk.get(PAGE)
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_drafts_are_in_no_backup(cast: Cast, client: Client, tmp_path: Path) -> None:
    client.force_login(cast.clerk)
    keep(client, cast)
    database = databases.database()
    copy = tmp_path / database.member
    if connection.vendor == "sqlite" and "memory" in str(connection.settings_dict["NAME"]):
        pytest.skip("a database in memory is not backed up")
    census = database.dump(copy)
    assert census["dossiers_intakedraft"].split()[0] == "0"
    assert IntakeDraft.objects.count() == 1
    database.verify(copy, census)
    assert b"0900000001" not in copy.read_bytes()
    if connection.vendor == "sqlite":
        with sqlite3.connect(copy) as opened:
            assert opened.execute("SELECT count(*) FROM dossiers_intakedraft").fetchone() == (0,)


# The same person again


def test_next_dossier_of_the_same_person_begins_with_who_it_is(clerk: Client, cast: Cast) -> None:
    known = {"applicant_id": "096012345678", "applicant_name": "Võ Thị Đào", "phone": "0900000009"}
    dossier = cast.received("2016-02-03T09:00", **known)
    done = clerk.get(f"/ho-so/{dossier.code}/da-tiep-nhan/")
    assert f'href="{PAGE}?nhu={dossier.code}"' in done.content.decode()
    choice = clerk.get(PAGE, {"nhu": dossier.code}).content.decode()
    assert "Võ Thị Đào" not in choice
    found = clerk.get(PAGE, {"nhu": dossier.code, "q": "giay phep xay dung"})
    assert found["Location"] == f"{page_of(cast.building)}&nhu={dossier.code}"
    page = clerk.get(found["Location"])
    for name, kept in known.items():
        assert value(page, name) == kept
    assert dossier.events.get(kind=Event.Kind.READ).actor == cast.clerk


def test_person_of_a_dossier_of_another_office_is_not_filled_in(client: Client, cast: Cast) -> None:
    dossier = cast.received("2016-02-03T09:00", applicant_name="Võ Thị Đào")
    client.force_login(cast.other_clerk)
    page = client.get(f"{page_of(cast.birth)}&nhu={dossier.code}")
    assert page.status_code == 404
    assert "Võ Thị Đào" not in page.content.decode()
    assert not dossier.events.filter(kind=Event.Kind.READ).exists()


def test_card_without_a_script_fills_the_form_and_is_kept_nowhere(
    clerk: Client, cast: Cast
) -> None:
    form = typed(cast.land, act="enter", scan=CARD, applicant_name="", token=str(uuid4()))
    page = clerk.post(page_of(cast.land), form)
    assert page.status_code == 200
    assert value(page, "applicant_id") == "096190000123"
    assert value(page, "applicant_name") == "Nguyễn Thị Mẫu"
    assert "05031990" not in page.content.decode()
    assert not Dossier.objects.exists()
