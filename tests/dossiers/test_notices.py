"""Telling the citizen: queued with the act, sent once whatever happens."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from dossiers.lifecycle import notices, perform
from dossiers.lifecycle.intake import Intake
from dossiers.models import Dossier, LateCause, Notice
from dossiers.models.notices import NoticeTemplate
from motcua.models import Installation
from tests.cast import Cast, vn

pytestmark = pytest.mark.django_db


@pytest.fixture
def words(db: None) -> None:
    """Every template but that of the receipt, which each dossier here would queue first."""
    notices.load_templates()
    NoticeTemplate.objects.filter(kind="accept").update(is_active=False)


def resolved(cast: Cast, **contact: str) -> Dossier:
    dossier = cast.received("2016-02-04T09:00", **contact)
    perform.resolve(dossier, by=cast.specialist, at=vn("2016-02-15T08:00"), outcome="approved")
    return dossier


def test_result_is_announced_to_the_addresses_that_were_given(cast: Cast, words: None) -> None:
    dossier = resolved(cast, email="an@vidu.invalid", phone="0900000123")
    channels = dict(dossier.notices.values_list("channel", "address"))
    assert channels == {"email": "an@vidu.invalid", "sms": "0900000123"}
    body = dossier.notices.get(channel="email").body
    assert dossier.code in body
    assert "Bộ phận Tiếp nhận và Trả kết quả huyện Thới Bình" in body
    assert f"/tra-cuu/?ma={dossier.code}" in body
    assert "Nguyễn" not in body


def test_receipt_at_the_counter_is_announced_with_code_and_date(cast: Cast) -> None:
    notices.load_templates()
    dossier = cast.received("2016-02-04T09:00", email="an@vidu.invalid", phone="0900000123")
    assert {n.channel: n.address for n in dossier.notices.all()} == {
        "email": "an@vidu.invalid",
        "sms": "0900000123",
    }
    mail_notice = dossier.notices.get(channel="email")
    assert mail_notice.event == dossier.events.get(kind="accept")
    assert mail_notice.subject == f"Hồ sơ {dossier.code} đã được tiếp nhận"
    assert "Hẹn trả kết quả: 17:00 ngày 25/02/2016" in mail_notice.body


def test_receipt_is_announced_as_an_accepted_submission_is(cast: Cast) -> None:
    notices.load_templates()
    contact = {"email": "an@vidu.invalid", "phone": "0900000123"}
    at_the_counter = cast.received("2016-02-04T09:00", **contact)
    intake = Intake(cast.district, cast.land, "Nguyễn Văn Ân", **contact)
    online = perform.submit(intake, at=vn("2016-02-04T08:00"))
    perform.accept(online, by=cast.clerk, at=vn("2016-02-04T09:00"))
    told = [
        [
            (n.channel, n.address, n.subject.replace(d.code, ""), n.body.replace(d.code, ""))
            for n in d.notices.filter(event__kind="accept").order_by("channel")
        ]
        for d in (at_the_counter, online)
    ]
    assert told[0] == told[1]
    assert len(told[0]) == 2


def test_receipt_that_fails_queues_nothing(cast: Cast) -> None:
    notices.load_templates()
    with pytest.raises(RuntimeError), transaction.atomic():
        cast.received("2016-02-04T09:00", email="an@vidu.invalid")
        raise RuntimeError
    assert Notice.objects.count() == 0


def test_receipt_without_an_address_asks_the_database_nothing_more(cast: Cast) -> None:
    notices.load_templates()
    cast.received("2016-02-04T09:00")
    with CaptureQueriesContext(connection) as asked:
        cast.received("2016-02-04T09:10")
    assert not [q for q in asked.captured_queries if "notice" in q["sql"]]
    assert Notice.objects.count() == 0


def test_receipt_whose_template_is_switched_off_is_not_announced(cast: Cast, words: None) -> None:
    assert cast.received("2016-02-04T09:00", email="an@vidu.invalid").notices.count() == 0


def test_notices_form_02_at_the_counter_is_announced_and_no_filing_online(cast: Cast) -> None:
    notices.load_templates()
    intake = Intake(cast.district, cast.land, "Nguyễn Văn Ân", email="an@vidu.invalid")
    guided = perform.guide(intake, by=cast.clerk, items="Đơn", reason="Thiếu")
    (notice,) = guided.notices.all()
    assert notice.subject == f"Hồ sơ {guided.code} cần bổ sung"


def test_notices_nobody_is_told_who_gave_no_address(cast: Cast, words: None) -> None:
    assert resolved(cast).notices.count() == 0


def test_notices_act_that_fails_queues_nothing(cast: Cast, words: None) -> None:
    dossier = cast.received("2016-02-04T09:00", phone="0900000123")
    with pytest.raises(RuntimeError), transaction.atomic():
        perform.resolve(dossier, by=cast.specialist, at=vn("2016-02-15T08:00"), outcome="approved")
        raise RuntimeError
    assert Notice.objects.count() == 0


def test_notices_act_that_is_undone_is_not_announced(cast: Cast, words: None) -> None:
    dossier = resolved(cast, email="an@vidu.invalid")
    perform.revert(dossier, by=cast.leader, at=vn("2016-02-15T08:30"), reason="Nhầm hồ sơ")
    assert notices.send_queued().sent == 0
    assert mail.outbox == []
    assert dossier.notices.get().state == Notice.State.DROPPED


def test_apology_announces_the_new_date(cast: Cast, words: None) -> None:
    dossier = cast.received("2016-02-04T09:00", phone="0900000123")
    perform.apologise(
        dossier,
        by=cast.leader,
        at=vn("2016-02-24T09:00"),
        cause=LateCause.objects.create(code="B4", name="Phải xác minh"),
        reason="Chờ đo đạc",
        new_due_at=vn("2016-03-10T17:00"),
        signer="Phạm Hoàng Khởi",
    )
    assert "17:00 ngày 10/03/2016" in dossier.notices.get().body


def test_notice_is_sent_once_and_stays_sent(cast: Cast, words: None) -> None:
    resolved(cast, email="an@vidu.invalid")
    call_command("send_notices")
    call_command("send_notices")
    assert [message.to for message in mail.outbox] == [["an@vidu.invalid"]]
    assert Notice.objects.get().state == Notice.State.SENT


def test_notices_crash_after_the_claim_never_sends_twice(cast: Cast, words: None) -> None:
    resolved(cast, email="an@vidu.invalid")
    claimed = notices._claim(vn("2027-01-01T00:00"))
    assert claimed is not None
    assert notices.send_queued().sent == 0
    assert mail.outbox == []
    notices.release(claimed)
    assert notices.send_queued().sent == 1
    assert len(mail.outbox) == 1


def test_refused_notice_is_tried_again_later_and_then_given_up(
    cast: Cast, words: None, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    resolved(cast, email="an@vidu.invalid")
    with time_machine.travel(vn("2027-06-01T08:00"), tick=False) as traveller:
        for attempt in range(1, notices.MAX_ATTEMPTS + 1):
            assert notices.send_queued().failed == 1
            assert notices.send_queued().failed == 0, "not again before its time"
            notice = Notice.objects.get()
            assert notice.attempts == attempt
            assert "ConnectionRefusedError" in notice.error
            traveller.shift(notices.RETRY_AFTER.total_seconds())
    assert Notice.objects.get().state == Notice.State.FAILED


class Gateway(BaseHTTPRequestHandler):
    answer: int | None = 200
    received: list[dict[str, str]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.received.append({**json.loads(body), "auth": self.headers["Authorization"]})
        if self.answer is None:
            # The message is taken, and its answer never comes.
            self.close_connection = True
            return
        self.send_response(self.answer)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def gateway(settings: Any) -> Iterator[type[Gateway]]:
    Gateway.received, Gateway.answer = [], 200
    server = HTTPServer(("127.0.0.1", 0), Gateway)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.MOTCUA_SMS_URL = f"http://127.0.0.1:{server.server_port}/sms"
    settings.MOTCUA_SMS_TOKEN = "the-token"
    yield Gateway
    server.shutdown()
    thread.join()
    server.server_close()


def test_notices_message_goes_through_the_offices_gateway(
    cast: Cast, words: None, gateway: type[Gateway]
) -> None:
    dossier = resolved(cast, phone="0900000123")
    assert notices.send_queued().sent == 1
    (message,) = gateway.received
    assert message["to"] == "0900000123"
    assert dossier.code in message["text"]
    assert message["auth"] == "Bearer the-token"


def test_notices_gateway_that_refuses_is_tried_again(
    cast: Cast, words: None, gateway: type[Gateway]
) -> None:
    gateway.answer = 503
    resolved(cast, phone="0900000123")
    assert notices.send_queued().failed == 1
    notice = Notice.objects.get()
    assert notice.state == Notice.State.QUEUED
    assert "503" in notice.error


@pytest.mark.parametrize("answer", [500, 502, 504, None])
def test_notices_message_that_may_have_gone_out_is_left_to_a_person(
    cast: Cast, words: None, gateway: type[Gateway], answer: int | None
) -> None:
    """The gateway took it and failed, or its answer was lost: sent again it would come twice."""
    gateway.answer = answer
    resolved(cast, phone="0900000123")
    notices.send_queued()
    notices.send_queued()
    assert len(gateway.received) == 1
    assert Notice.objects.get().state == Notice.State.SENDING


def test_notices_gateway_that_is_not_there_is_tried_again(
    cast: Cast, words: None, settings: Any
) -> None:
    settings.MOTCUA_SMS_URL = "http://127.0.0.1:1/sms"
    resolved(cast, phone="0900000123")
    assert notices.send_queued().failed == 1
    notice = Notice.objects.get()
    assert notice.state == Notice.State.QUEUED
    assert "Không tới được cổng tin nhắn" in notice.error


def test_without_a_gateway_the_message_is_written_to_the_console(
    cast: Cast, words: None, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a demonstration; an office without one queues none, which would reach nobody."""
    settings.MOTCUA_SMS_URL = ""
    assert resolved(cast, phone="0900000123").notices.count() == 0
    Installation.objects.create(is_demo=True)
    cache.clear()
    dossier = resolved(cast, phone="0900000123")
    notices.send_queued()
    written = capsys.readouterr().out
    assert dossier.code in written
    assert "0900000123" not in written


@pytest.mark.django_db(transaction=True)
def test_notices_two_senders_at_once_send_each_notice_once(cast: Cast) -> None:
    notices.load_templates()
    for _ in range(6):
        resolved(cast, email="an@vidu.invalid")
    sent: list[int] = []

    def run() -> None:
        try:
            sent.append(notices.send_queued().sent)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(sent) == len(mail.outbox) == 12, "a receipt and a result each"


@pytest.mark.parametrize(
    ("at", "words"),
    [("2016-02-17T09:00", "sẽ không trả kết quả"), ("2016-02-26T09:00", "chưa trả kết quả")],
)
def test_apology_notice_says_that_the_date_has_passed_only_when_it_has(
    cast: Cast, at: str, words: str
) -> None:
    notices.load_templates()
    dossier = cast.received("2016-02-04T09:00", email="an@vidu.invalid")
    perform.apologise(
        dossier,
        by=cast.leader,
        at=vn(at),
        cause=LateCause.objects.create(code="Z", name="Khác"),
        reason="Chờ",
        new_due_at=vn("2016-03-11T17:00"),
        signer="A",
    )
    body = dossier.notices.get(event__kind="apologise").body
    assert f"Chúng tôi xin lỗi vì {words} hồ sơ {dossier.code} đúng hẹn." in body


def test_load_templates_replaces_former_words_and_nobody_elses(db: None) -> None:
    notices.load_templates()
    former, own = NoticeTemplate.objects.filter(kind="apologise")
    NoticeTemplate.objects.filter(pk=former.pk).update(body=notices.FORMER["apologise"])
    NoticeTemplate.objects.filter(pk=own.pk).update(body="Của cơ quan")
    notices.load_templates()
    former.refresh_from_db()
    own.refresh_from_db()
    assert "{khong_kip}" in former.body
    assert own.body == "Của cơ quan"
