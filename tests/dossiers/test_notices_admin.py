"""The administration of notices: words that can all be filled, a queue that is only read."""

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse

from dossiers.lifecycle import notices, perform
from dossiers.models import Notice, NoticeTemplate
from tests.cast import Cast, make_staff, vn
from tests.dossiers.pages import logged_in, text

pytestmark = pytest.mark.django_db

QUEUE = "/quan-tri/dossiers/notice/"


@pytest.fixture(autouse=True)
def on_a_monday() -> object:
    with time_machine.travel(vn("2016-02-15T08:00"), tick=False) as traveller:
        yield traveller


@pytest.fixture
def admin(cast: Cast) -> Client:
    return logged_in(cast.administrator)


@pytest.fixture
def queued(cast: Cast) -> Notice:
    dossier = cast.received("2016-02-04T09:00", email="nguyenan@vidu.invalid")
    notices.load_templates()
    perform.resolve(dossier, by=cast.clerk, outcome="approved")
    return dossier.notices.get()


def save(client: Client, body: str, **more: str) -> object:
    address = reverse("admin:dossiers_noticetemplate_add")
    data = {"kind": "resolve", "channel": "sms", "body": body, "is_active": "on", **more}
    return client.post(address, data, follow=True)


def test_notices_admin_words_with_known_fields_are_saved_and_shown_as_the_citizen_reads_them(
    admin: Client,
) -> None:
    save(admin, "Hồ sơ {ma} đã xong. Mời đến {noi_nhan}.")
    template = NoticeTemplate.objects.get()
    page = text(admin.get(reverse("admin:dossiers_noticetemplate_change", args=[template.pk])))
    assert (
        "Hồ sơ H12.TAM.967-260402-0001 đã xong. Mời đến Bộ phận Tiếp nhận và Trả kết quả huyện "
        "Thới Bình." in page
    )
    assert "{tra_cuu}" in page
    assert "địa chỉ tra cứu hồ sơ" in page


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("Chào {ten}", "Không có ô tên là {ten}. Các ô dùng được: {ma}, {thu_tuc}, {ngay_hen}"),
        ("Hồ sơ {ma đã xong", "Có dấu ngoặc nhọn thiếu một bên. Hãy viết như {ma}."),
        ("Hồ sơ ma} đã xong", "Có dấu ngoặc nhọn thiếu một bên. Hãy viết như {ma}."),
    ],
)
def test_notices_admin_words_that_cannot_be_filled_are_refused(
    admin: Client, body: str, sentence: str
) -> None:
    answer = save(admin, body)
    assert NoticeTemplate.objects.count() == 0
    assert sentence in text(answer)


def test_notices_admin_email_needs_a_subject(admin: Client) -> None:
    assert "Thư điện tử cần có tiêu đề." in text(save(admin, "Hồ sơ {ma}", channel="email"))


def test_notices_admin_every_shipped_template_can_be_saved_as_it_is(admin: Client) -> None:
    notices.load_templates()
    for template in NoticeTemplate.objects.all():
        address = reverse("admin:dossiers_noticetemplate_change", args=[template.pk])
        fields = ("kind", "channel", "subject", "body")
        data = {name: getattr(template, name) for name in fields} | {"is_active": "on"}
        assert admin.post(address, data).status_code == 302, template


def test_notices_admin_every_field_that_is_offered_is_filled(cast: Cast, queued: Notice) -> None:
    assert set(notices._words(queued.dossier)) == set(notices.PLACEHOLDERS)


def test_queue_is_read_with_half_the_address_covered(admin: Client, queued: Notice) -> None:
    page = text(admin.get(QUEUE))
    assert queued.dossier.code in page
    assert "ng…@vidu.invalid" in page
    assert "nguyenan" not in page
    one = admin.get(f"{QUEUE}{queued.pk}/change/")
    assert "nguyenan" not in one.content.decode()
    assert "chờ gửi" in text(one)
    assert admin.get(f"{QUEUE}add/").status_code == 403
    assert admin.get(f"{QUEUE}{queued.pk}/delete/").status_code == 403
    changed = admin.post(f"{QUEUE}{queued.pk}/change/", {"body": "khác", "state": "sent"})
    assert changed.status_code == 403
    queued.refresh_from_db()
    assert (queued.state, queued.body == "khác") == ("queued", False)


def send_again(client: Client, notice: Notice) -> str:
    data = {"action": "send_again", "_selected_action": [notice.pk]}
    return text(client.post(QUEUE, data, follow=True))


def test_notice_of_unknown_fate_is_sent_again_when_a_person_says_so(
    admin: Client, queued: Notice, on_a_monday: time_machine.Traveller
) -> None:
    notices._claim(vn("2016-02-15T08:00"))
    on_a_monday.move_to(vn("2016-02-15T08:16"), tick=False)
    page = send_again(admin, queued)
    assert "Đã đưa 1 thông báo vào hàng đợi để gửi lại." in page
    assert notices.send_queued().sent == 1
    assert [message.to for message in mail.outbox] == [["nguyenan@vidu.invalid"]]


def test_notice_that_is_just_being_sent_waits_or_was_sent_is_not_sent_again(
    admin: Client, queued: Notice
) -> None:
    said = "1 thông báo không gửi lại: chỉ gửi lại những thông báo không gửi được"
    assert said in send_again(admin, queued)
    notices._claim(vn("2016-02-15T08:00"))
    assert said in send_again(admin, queued)
    notices._send(Notice.objects.get())
    assert said in send_again(admin, queued)
    assert len(mail.outbox) == 1


def test_notices_admin_administrator_of_a_commune_sees_only_its_queue(
    cast: Cast, queued: Notice
) -> None:
    keeper = make_staff("quan-tri-xa", cast.tan_loc, "administrator", is_staff=True)
    assert queued.dossier.code not in text(logged_in(keeper).get(QUEUE))
