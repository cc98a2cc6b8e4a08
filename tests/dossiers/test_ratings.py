"""A citizen rates the service once the dossier has ended."""

from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine
from django.test import Client

from dossiers.citizens.ratings import RatingRefused, load_criteria, rate
from dossiers.lifecycle import perform
from dossiers.models import Dossier, Rating, RatingCriterion, RatingScore
from tests.cast import Cast, vn

OWN = "/tra-cuu/ho-so-cua-toi/"
RATE = f"{OWN}danh-gia/"
ENDED = vn("2016-02-18T09:00")


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with time_machine.travel(ENDED, tick=False):
        yield


@pytest.fixture
def dossier(cast: Cast) -> Dossier:
    load_criteria()
    return cast.received(phone="0912777888")


@pytest.fixture
def ended(cast: Cast, dossier: Dossier) -> Dossier:
    perform.resolve(dossier, by=cast.clerk, at=vn("2016-02-17T09:00"), outcome="approved")
    return dossier


def open_page(client: Client, dossier: Dossier, at: datetime = ENDED) -> str:
    with time_machine.travel(at, tick=False):
        client.post("/tra-cuu/xac-nhan/", {"ma": dossier.code, "so": "7888"})
        return " ".join(client.get(OWN).content.decode().split())


def scores(rating: Rating) -> dict[str, int]:
    return dict(rating.scores.values_list("criterion__code", "score"))


def test_dossier_that_goes_on_is_not_rated(client: Client, dossier: Dossier) -> None:
    assert "Đánh giá việc phục vụ" not in open_page(client, dossier)

    answer = client.post(RATE, {"thai-do": "2"})

    assert answer.status_code == 400
    assert not Rating.objects.exists()
    with pytest.raises(RatingRefused, match="Hồ sơ chưa kết thúc nên chưa đánh giá được"):
        rate(dossier, {}, "Tốt")


def test_ratings_who_has_the_result_answers_what_he_likes(client: Client, ended: Dossier) -> None:
    page = open_page(client, ended)
    assert page.count("<fieldset") == 7
    assert "Thái độ phục vụ của cán bộ" in page

    answer = client.post(RATE, {"thai-do": "2", "so-lan": "0", "gop-y": " Cảm ơn "})

    assert answer["Location"] == f"{OWN}#danh-gia"
    rating = Rating.objects.get()
    assert scores(rating) == {"thai-do": 2, "so-lan": 0}
    assert (rating.comment, rating.office, str(rating.rated_on)) == (
        "Cảm ơn",
        ended.office,
        "2016-02-18",
    )
    assert "Đã ghi đánh giá của ông/bà" in client.get(OWN).content.decode()


def test_within_a_day_it_can_be_changed_and_afterwards_it_stands(
    client: Client, ended: Dossier
) -> None:
    open_page(client, ended)
    client.post(RATE, {"thai-do": "2"})

    open_page(client, ended, at=vn("2016-02-19T08:59"))
    with time_machine.travel(vn("2016-02-19T08:59"), tick=False):
        client.post(RATE, {"so-lan": "1"})
    assert scores(Rating.objects.get()) == {"so-lan": 1}

    page = open_page(client, ended, at=vn("2016-02-19T09:00"))
    assert "Gửi đánh giá" not in page
    assert "Lưu đánh giá" not in page
    with time_machine.travel(vn("2016-02-19T09:00"), tick=False):
        answer = client.post(RATE, {"so-lan": "0"})
    assert answer.status_code == 400
    assert scores(Rating.objects.get()) == {"so-lan": 1}
    with (
        time_machine.travel(vn("2016-02-19T09:00"), tick=False),
        pytest.raises(RatingRefused, match="đã ghi quá 24 giờ"),
    ):
        rate(ended, {}, "Muộn")


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({}, "Mời ông/bà chọn câu trả lời cho ít nhất một câu hỏi"),
        ({"gop-y": "   "}, "Mời ông/bà chọn câu trả lời cho ít nhất một câu hỏi"),
        ({"thai-do": "3"}, "Hãy chọn một trong các câu trả lời."),
        ({"thai-do": "-1"}, "Hãy chọn một trong các câu trả lời."),
        ({"gop-y": "a" * 1001}, "Hãy góp ý ngắn lại, không quá 1.000 ký tự."),
    ],
)
def test_ratings_form_that_cannot_be_kept_says_why(
    client: Client, ended: Dossier, form: dict[str, str], sentence: str
) -> None:
    open_page(client, ended)

    answer = client.post(RATE, form)

    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert not Rating.objects.exists()


def test_ratings_form_sent_after_the_page_closed_says_that_nothing_was_kept(
    client: Client, ended: Dossier
) -> None:
    open_page(client, ended)

    with time_machine.travel(vn("2016-02-18T09:21"), tick=False):
        answer = client.post(RATE, {"thai-do": "2"})

    assert answer.status_code == 403
    assert "Đánh giá vừa gửi chưa được lưu." in answer.content.decode()
    assert not Rating.objects.exists()


def test_question_that_was_switched_off_is_not_asked_and_keeps_its_answers(
    client: Client, ended: Dossier
) -> None:
    attitude = RatingCriterion.objects.get(code="thai-do")
    rate(ended, {attitude: 2})
    RatingCriterion.objects.filter(pk=attitude.pk).update(is_active=False)

    assert "Thái độ phục vụ" not in open_page(client, ended)
    assert RatingScore.objects.filter(criterion=attitude).count() == 1
    assert load_criteria() == 0
    assert not RatingCriterion.objects.get(code="thai-do").is_active


def test_ratings_answered_question_is_not_reworded_under_its_answers(
    cast: Cast, client: Client, ended: Dossier
) -> None:
    attitude = RatingCriterion.objects.get(code="thai-do")
    rate(ended, {attitude: 2})
    client.force_login(cast.administrator)

    page = client.get(f"/quan-tri/dossiers/ratingcriterion/{attitude.pk}/change/").content.decode()

    assert 'name="question"' not in page
    assert 'name="is_active"' in page
