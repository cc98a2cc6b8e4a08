"""Coming in: the first password, tries that are counted, the log, sessions that end."""

import io
from datetime import UTC, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.password_validation import (
    password_validators_help_texts,
    validate_password,
)
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from motcua import clock
from motcua.accounts import lockout
from motcua.models import LoginEvent, Misses, Staff
from tests.admin_pages import change, errors
from tests.cast import PASSWORD, Cast, make_staff, vn

pytestmark = pytest.mark.django_db

LOGIN = "/dang-nhap/"
OWN = "mat-khau-cua-rieng-minh"
NOW = vn("2016-03-01T08:00")


@pytest.fixture(autouse=True)
def in_the_morning() -> Any:
    with time_machine.travel(NOW, tick=False) as clock_hands:
        yield clock_hands


def log_in(username: str, password: str = PASSWORD, client: Client | None = None) -> Any:
    client = client or Client()
    return client.post(LOGIN, {"username": username, "password": password})


def is_in(client: Client) -> bool:
    return client.get("/tai-khoan/").status_code == 200


def kinds(staff: Staff | None = None) -> list[str]:
    """The log, oldest first."""
    events = LoginEvent.objects.filter(staff=staff) if staff else LoginEvent.objects.all()
    return [event.kind for event in events.order_by("pk")]


# The first password


def test_accounts_who_got_a_password_from_an_administrator_sets_an_own_one_first(
    cast: Cast, client: Client
) -> None:
    client.force_login(cast.administrator)
    new = {"username": "moi", "password1": PASSWORD, "password2": PASSWORD, "full_name": "Lê Mới"}
    new |= {"office": cast.tan_loc.pk, "is_clerk": "on"}
    client.post("/quan-tri/motcua/staff/add/", new)

    person = Client()
    assert log_in("moi", client=person)["Location"] == "/dang-nhap/mat-khau-moi/"
    assert not is_in(person)
    page = person.get("/dang-nhap/mat-khau-moi/").content.decode()
    assert "do người quản trị cấp" in page
    answer = person.post("/dang-nhap/mat-khau-moi/", {"new_password1": OWN, "new_password2": OWN})

    assert answer["Location"] == "/ban-lam-viec/"
    assert is_in(person)
    assert log_in("moi", OWN)["Location"] == "/ban-lam-viec/"
    assert kinds(Staff.objects.get(username="moi")) == ["password_changed", "in", "in"]


def test_first_password_cannot_be_kept(cast: Cast, client: Client) -> None:
    Staff.objects.filter(pk=cast.clerk.pk).update(must_change_password=True)
    log_in("mot-cua", client=client)
    for typed, said in (
        (PASSWORD, "Đây là mật khẩu đang dùng."),
        ("ngan", "ít nhất 10 ký tự"),
        ("Tran thi Man 2016", "không được chứa tên đăng nhập"),
    ):
        answer = client.post(
            "/dang-nhap/mat-khau-moi/", {"new_password1": typed, "new_password2": typed}
        )
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert not is_in(client)


def test_accounts_step_is_for_whoever_gave_the_password_and_for_a_quarter_of_an_hour(
    cast: Cast, client: Client, in_the_morning: Any
) -> None:
    step = "/dang-nhap/mat-khau-moi/"
    assert client.get(step)["Location"] == LOGIN
    Staff.objects.filter(pk=cast.clerk.pk).update(must_change_password=True)
    log_in("mot-cua", client=client)
    in_the_morning.shift(timedelta(minutes=16))
    assert client.post(step, {"new_password1": OWN, "new_password2": OWN})["Location"] == LOGIN
    assert Staff.objects.get(pk=cast.clerk.pk).check_password(PASSWORD)


def test_password_set_anew_by_an_administrator_is_a_first_one_and_ends_sessions(
    cast: Cast, client: Client
) -> None:
    person = Client()
    log_in("mot-cua", client=person)
    client.force_login(cast.administrator)
    address = reverse("admin:auth_user_password_change", args=[cast.clerk.pk])
    client.post(address, {"password1": OWN, "password2": OWN})

    assert not is_in(person)
    assert log_in("mot-cua", OWN)["Location"] == "/dang-nhap/mat-khau-moi/"
    reset = LoginEvent.objects.get(kind="password_reset")
    assert (reset.staff, reset.by, reset.office) == (cast.clerk, cast.administrator, cast.district)


# Rules


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("Tranthiman-1", "không được chứa tên đăng nhập, họ tên"),
        ("xx-MOT-CUA-xx", "không được chứa tên đăng nhập, họ tên"),
        ("0913-555-777-a", "không được chứa tên đăng nhập, họ tên"),
        ("motcuadientu2016", "quá quen thuộc"),
        ("motcua-trinh-dien", "quá quen thuộc"),
        ("password123", "quá quen thuộc"),
        ("31415926535897", "không được chỉ gồm chữ số"),
        ("ngan", "phải có ít nhất 10 ký tự"),
    ],
)
def test_accounts_weak_password_is_refused_in_a_vietnamese_sentence(
    cast: Cast, password: str, said: str
) -> None:
    cast.clerk.phone = "0913555777"
    with pytest.raises(ValidationError) as refused:
        validate_password(password, cast.clerk)
    assert said in " ".join(refused.value.messages)


def test_accounts_rules_are_told_beforehand_and_a_good_password_passes(cast: Cast) -> None:
    assert all(
        rule.startswith("Mật khẩu ") and rule.endswith(".")
        for rule in password_validators_help_texts()
    )
    validate_password("cây cầu ván đóng đinh", cast.clerk)


# Tries are counted


def wrong(username: str, times: int, **extra: Any) -> list[Any]:
    client = Client(**extra)
    return [log_in(username, "khong-dung", client) for _ in range(times)]


def test_accounts_after_five_wrong_passwords_the_right_one_has_to_wait(
    cast: Cast, in_the_morning: Any
) -> None:
    answers = wrong("mot-cua", 5)

    assert [a.status_code for a in answers] == [200, 200, 200, 200, 429]
    assert "Tên đăng nhập hoặc mật khẩu chưa đúng." in answers[0].content.decode()
    refused = log_in("mot-cua")
    assert (refused.status_code, refused["Retry-After"]) == (429, "900")
    assert "Mời thử lại từ 08:15." in refused.content.decode()
    assert kinds(cast.clerk) == ["wrong_password"] * 5 + ["locked"]
    in_the_morning.shift(timedelta(minutes=15, seconds=1))
    assert log_in("mot-cua").status_code == 302


def test_account_that_does_not_exist_answers_in_the_same_words(cast: Cast) -> None:
    def said(username: str) -> list[tuple[int, str]]:
        answers = [*wrong(username, 5), log_in(username)]
        bodies = (a.content.decode().partition("<main")[2] for a in answers)
        return [
            (a.status_code, b.partition("csrfmiddlewaretoken")[0])
            for a, b in zip(answers, bodies, strict=True)
        ]

    assert said("mot-cua") == said("khong-co-ai")
    unknown = LoginEvent.objects.filter(staff=None)
    assert {event.kind for event in unknown} == {"wrong_password", "locked"}
    assert not any("khong-co-ai" in str(vars(event)) for event in unknown)


def test_accounts_guessing_at_one_desk_shuts_nobody_out_elsewhere(cast: Cast) -> None:
    wrong("mot-cua", 6, REMOTE_ADDR="10.0.0.7")
    assert log_in("mot-cua", client=Client(REMOTE_ADDR="10.0.0.8")).status_code == 302


def test_accounts_guessing_from_many_places_locks_the_account(cast: Cast) -> None:
    for place in range(5):
        wrong("mot-cua", 4, REMOTE_ADDR=f"10.0.1.{place}")
    assert log_in("mot-cua", client=Client(REMOTE_ADDR="10.0.0.8")).status_code == 429


def test_accounts_one_password_tried_on_many_accounts_locks_the_address(cast: Cast) -> None:
    for _ in range(48):
        lockout.ADDRESS.count("10.0.0.9")
    wrong("ai-do", 1, REMOTE_ADDR="10.0.0.9")
    wrong("ai-khac", 1, REMOTE_ADDR="10.0.0.9")
    assert log_in("mot-cua", client=Client(REMOTE_ADDR="10.0.0.9")).status_code == 429
    assert log_in("mot-cua").status_code == 302


def test_whole_office_behind_one_address_comes_in(cast: Cast) -> None:
    """What was right is not counted."""
    for _ in range(3):
        log_in("mot-cua")
    assert Misses.objects.get(pk=lockout.ADDRESS.key_of("127.0.0.1")).count == 0


def test_accounts_what_was_wrong_before_a_right_password_is_forgotten(cast: Cast) -> None:
    for _ in range(3):
        wrong("mot-cua", 4)
        assert log_in("mot-cua").status_code == 302


def test_accounts_administrator_unlocks(cast: Cast, client: Client) -> None:
    wrong("mot-cua", 5)
    client.force_login(cast.administrator)
    page = client.get(reverse("admin:motcua_staff_change", args=[cast.clerk.pk]))
    assert "đến 08:15" in page.content.decode()
    address = reverse("admin:motcua_staff_unlock", args=[cast.clerk.pk])
    assert "Cho tài khoản này đăng nhập lại ngay" in client.get(address).content.decode()

    said = client.post(address, follow=True).content.decode()

    assert "Đã mở khóa: Trần Thị Mận đăng nhập lại được ngay." in said
    assert log_in("mot-cua").status_code == 302
    assert LoginEvent.objects.get(kind="unlocked").by == cast.administrator


# The log


def test_accounts_log_says_who_came_and_went_and_from_where(cast: Cast) -> None:
    client = Client(REMOTE_ADDR="10.1.2.3")
    log_in("mot-cua", client=client)
    left = client.post("/dang-xuat/")
    assert left["Clear-Site-Data"] == '"cache"', "who sits down next finds no page by going back"

    came, went = LoginEvent.objects.order_by("pk")
    assert (came.kind, came.staff, came.office) == ("in", cast.clerk, cast.district)
    assert (came.at, came.address) == (clock.now(), "10.1.2.3")
    assert (went.kind, went.staff) == ("out", cast.clerk)


@pytest.mark.parametrize("act", ["update", "delete"])
def test_database_refuses_to_change_or_delete_a_line_of_the_log(
    cast: Cast, in_the_morning: Any, act: str
) -> None:
    in_the_morning.move_to(time_machine.escape_hatch.datetime.datetime.now(UTC))  # its own clock
    log_in("mot-cua")
    lines = LoginEvent.objects.all()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        lines.update(kind="out") if act == "update" else lines.delete()
    assert kinds() == ["in"]


def test_accounts_what_is_older_than_two_years_leaves_the_log(cast: Cast) -> None:
    for months in (1, 14, 30):
        with time_machine.travel(clock.now() - timedelta(days=31 * months), tick=False):
            log_in("mot-cua")
    told = io.StringIO()
    call_command("prune_logins", stdout=told)
    assert told.getvalue().startswith("Đã bỏ 1 dòng trước ngày ")
    assert LoginEvent.objects.count() == 2
    call_command("prune_logins", "--months", "13", stdout=told)
    assert LoginEvent.objects.count() == 1
    with pytest.raises(CommandError, match="từ 13 đến 1200"):
        call_command("prune_logins", "--months", "12")


def test_accounts_administrators_read_the_log_of_their_offices(cast: Cast, client: Client) -> None:
    wrong("mot-cua-xa", 1)
    wrong("mot-cua-khac", 1)
    wrong("khong-co-ai", 1)
    own = make_staff("quan-tri-xa", cast.tan_loc, "administrator", is_staff=True)
    log = "/quan-tri/motcua/loginevent/"

    def seen(staff: Staff, query: str = "") -> list[Any]:
        client.force_login(staff)
        return [event.staff for event in client.get(log + query).context["cl"].result_list]

    assert seen(own) == [cast.commune_clerk]
    assert seen(cast.administrator) == [None, cast.other_clerk, cast.commune_clerk]
    assert seen(cast.administrator, "?q=mot-cua-khac") == [cast.other_clerk]
    assert seen(cast.administrator, f"?tai-khoan={cast.other_clerk.pk}") == [cast.other_clerk]
    assert client.get(f"{log}add/").status_code == 403


def test_accounts_log_in_is_no_change_of_the_account(cast: Cast, client: Client) -> None:
    log_in("mot-cua", client=client)
    assert [record.history_type for record in cast.clerk.history.all()] == ["+"]


def test_accounts_everybody_sees_who_came_in_under_the_own_name(cast: Cast, client: Client) -> None:
    wrong("mot-cua", 1, REMOTE_ADDR="10.9.9.9")
    log_in("mot-cua", client=client)
    page = client.get("/tai-khoan/").content.decode()
    assert "sai mật khẩu" in page and "10.9.9.9" in page


# Closing and moving


def test_accounts_closed_account_is_out_at_once_and_its_old_sessions_never_come_back(
    cast: Cast, client: Client
) -> None:
    person = Client()
    log_in("mot-cua", client=person)
    client.force_login(cast.administrator)
    address = reverse("admin:motcua_staff_change", args=[cast.clerk.pk])

    change(client, address, is_active="")
    assert not is_in(person)
    assert "chưa đúng" in log_in("mot-cua").content.decode()
    change(client, address, is_active="on")

    assert not is_in(person)
    assert log_in("mot-cua").status_code == 302
    assert [k for k in kinds(cast.clerk) if k in ("closed", "opened")] == ["closed", "opened"]


def test_account_is_not_deleted_and_the_page_says_what_to_do(cast: Cast, client: Client) -> None:
    client.force_login(cast.administrator)
    address = reverse("admin:motcua_staff_delete", args=[cast.clerk.pk])
    for answer in (client.get(address), client.post(address, {"post": "yes"})):
        assert answer.status_code == 403
        assert "Tài khoản không xóa được" in answer.content.decode()
    assert Staff.objects.filter(pk=cast.clerk.pk).exists()


def test_accounts_who_moves_takes_the_name_along_and_leaves_it_in_what_was_done(
    cast: Cast, client: Client, in_the_morning: Any
) -> None:
    dossier = cast.received("2016-02-04T09:00")
    in_the_morning.shift(timedelta(minutes=1))
    client.force_login(cast.administrator)
    address = reverse("admin:motcua_staff_change", args=[cast.clerk.pk])

    change(client, address, office=str(cast.tan_loc.pk))

    moved = Staff.objects.get(pk=cast.clerk.pk)
    assert (moved.office, moved.office_since) == (cast.tan_loc, clock.today())
    event = dossier.events.get()
    assert (event.actor.full_name, event.office) == ("Trần Thị Mận", cast.district)
    person = Client()
    person.force_login(moved)
    assert person.get(f"/ho-so/{dossier.code}/").status_code == 404
    history = client.get(reverse("admin:motcua_staff_history", args=[moved.pk])).content.decode()
    assert "Huyện Thới Bình → Xã Tân Lộc" in history


def test_accounts_date_of_moving_that_was_typed_stays(cast: Cast, client: Client) -> None:
    client.force_login(cast.administrator)
    address = reverse("admin:motcua_staff_change", args=[cast.clerk.pk])
    answer = change(client, address, office=str(cast.tan_loc.pk), office_since="15/02/2016")
    assert not errors(answer)
    assert f"{Staff.objects.get(pk=cast.clerk.pk).office_since}" == "2016-02-15"


# One's own account


def test_accounts_new_password_logs_out_every_other_computer(cast: Cast, client: Client) -> None:
    elsewhere = Client()
    log_in("mot-cua", client=elsewhere)
    log_in("mot-cua", client=client)
    new = {"new_password1": OWN, "new_password2": OWN}

    refused = client.post("/tai-khoan/mat-khau/", {"old_password": "khac", **new})
    assert "Mật khẩu đang dùng chưa đúng." in refused.content.decode()
    done = client.post("/tai-khoan/mat-khau/", {"old_password": PASSWORD, **new}, follow=True)

    assert "Đã đổi mật khẩu." in done.content.decode()
    assert is_in(client) and not is_in(elsewhere)


def test_accounts_administration_sends_to_the_one_page_for_a_password(
    cast: Cast, client: Client
) -> None:
    client.force_login(cast.administrator)
    assert client.get("/quan-tri/password_change/")["Location"] == "/tai-khoan/mat-khau/"


def test_password_in_use_is_not_guessed_on_the_page_that_changes_it(
    cast: Cast, client: Client
) -> None:
    client.force_login(cast.clerk)
    page = "/tai-khoan/mat-khau/"
    for _ in range(5):
        guess = client.post(
            page, {"old_password": "khac", "new_password1": PASSWORD, "new_password2": PASSWORD}
        )
        assert "Đây là mật khẩu đang dùng" not in guess.content.decode()
    right = {"old_password": PASSWORD, "new_password1": OWN, "new_password2": OWN}
    refused = client.post(page, right)
    assert (refused.status_code, is_in(client)) == (422, True)
    assert "Đã nhập sai nhiều lần" in refused.content.decode()
