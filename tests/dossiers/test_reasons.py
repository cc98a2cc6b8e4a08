"""Reasons in ready words: offered where a reason is asked, kept by an administrator."""

from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client

from dossiers.desk.reasons import SHIPPED, load_reasons
from dossiers.lifecycle import perform
from dossiers.lifecycle.intake import Intake
from dossiers.models import Dossier, ReasonTemplate
from tests.cast import Cast, vn
from tests.dossiers.counter_pages import page_of, typed
from tests.dossiers.pages import path, send

pytestmark = pytest.mark.django_db
TORN = "Giấy tờ bị rách, không đọc được."


@pytest.fixture(autouse=True)
def _day() -> Any:
    with time_machine.travel(vn("2016-03-10T09:05"), tick=False):
        yield


@pytest.fixture
def clerk(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.clerk)
    return client


def offered(kind: str, text: str = TORN, **fields: Any) -> ReasonTemplate:
    return ReasonTemplate.objects.create(kind=kind, text=text, **fields)


def words(answer: Any) -> str:
    return unescape(answer.content.decode())


@pytest.mark.parametrize(
    ("own", "kept"),
    [("", TORN), ("Trang 2.", f"{TORN}\nTrang 2."), (f"{TORN} Hết.", f"{TORN} Hết.")],
)
def test_reason_that_was_chosen_leads_what_was_typed(
    cast: Cast, clerk: Client, own: str, kept: str
) -> None:
    offered("supplement")
    dossier = cast.received("2016-03-10T09:00")
    send(clerk, dossier, "ask_supplement", items="Đơn", reason=own, **{"reason-mau": TORN})
    assert dossier.supplements.get().reason == kept


def test_reason_form_refused_for_something_else_shows_what_was_chosen_and_typed(
    cast: Cast, clerk: Client
) -> None:
    offered("supplement")
    dossier = cast.received("2016-03-10T09:00")
    answer = send(
        clerk, dossier, "ask_supplement", items="", reason="Trang 2.", **{"reason-mau": TORN}
    )
    assert answer.status_code == 422
    assert answer.context["form"]["reason"].value() == f"{TORN}\nTrang 2."


def test_reasons_offered_are_those_in_use_of_the_kind_and_of_the_office(
    cast: Cast, clerk: Client
) -> None:
    offered("supplement", "Của mọi nơi.")
    offered("supplement", "Của huyện.", office=cast.district)
    offered("supplement", "Của xã khác.", office=cast.bien_bach)
    offered("supplement", "Không dùng nữa.", is_active=False)
    offered("refusal", "Để từ chối.")
    page = words(clerk.get(path(cast.received("2016-03-10T09:00"), "ask_supplement")))
    found = [
        text
        for text in ("Của mọi nơi.", "Của huyện.", "Của xã khác.", "Không dùng nữa.", "Để từ chối.")
        if f'value="{text}"' in page
    ]
    assert found == ["Của mọi nơi.", "Của huyện."]


def test_reason_field_without_templates_offers_no_empty_choice(cast: Cast, clerk: Client) -> None:
    page = words(clerk.get(path(cast.received("2016-03-10T09:00"), "ask_supplement")))
    assert "reason-mau" not in page


def test_intake_refusal_takes_a_ready_reason(cast: Cast, clerk: Client) -> None:
    offered("refusal")
    page = words(clerk.get(page_of(cast.land)))
    assert 'name="refusal_reason-mau"' in page
    clerk.post(
        page_of(cast.land),
        typed(cast.land, act="turn_away", refusal_reason="", **{"refusal_reason-mau": TORN}),
    )
    assert Dossier.objects.get().result_note == TORN


def test_intake_looked_at_again_keeps_the_chosen_reason(cast: Cast, clerk: Client) -> None:
    offered("supplement")
    answer = clerk.post(
        page_of(cast.land), typed(cast.land, act="look", **{"guide_reason-mau": TORN})
    )
    assert answer.context["form"]["guide_reason"].value() == TORN


def test_decline_and_apology_offer_their_own_reasons(cast: Cast, clerk: Client) -> None:
    offered("refusal", "Để từ chối.")
    offered("apology", "Để xin lỗi.")
    intake = Intake(office=cast.district, procedure=cast.land, applicant_name="Nguyễn Văn Ân")
    submitted = perform.submit(intake, at=vn("2016-03-10T09:00"))
    assert 'value="Để từ chối."' in words(clerk.get(path(submitted, "decline")))
    leader = Client()
    leader.force_login(cast.leader)
    page = words(leader.get(path(cast.received("2016-02-04T09:00"), "apologise")))
    assert 'value="Để xin lỗi."' in page
    assert 'value="Để từ chối."' not in page


def test_load_reasons_gives_the_shipped_ones_once_and_leaves_a_list_that_was_begun(
    cast: Cast,
) -> None:
    assert load_reasons() == len(SHIPPED)
    ReasonTemplate.objects.filter(kind="apology").delete()
    assert load_reasons() == 0
    assert not ReasonTemplate.objects.filter(kind="apology").exists()
