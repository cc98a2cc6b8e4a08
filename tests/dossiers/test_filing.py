"""Filing online: what a citizen sends, what the desk gets, what is refused and kept."""

from datetime import timedelta
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client

from dossiers.citizens import filing
from dossiers.citizens.filing import sendings
from dossiers.lifecycle import perform
from dossiers.lifecycle.intake import Intake
from dossiers.lifecycle.notices import load_templates
from dossiers.models import Attachment, Dossier, Event
from dossiers.rules.states import MoveRefused, State
from dossiers.views.filing import filings
from motcua import clock
from motcua.models import Misses
from motcua.web import uploads
from procedures.models import RequiredPaper
from tests.cast import Cast, vn
from tests.dossiers.pages import logged_in, text

pytestmark = pytest.mark.django_db

PDF, JPEG = b"%PDF-1.7\n%%EOF", b"\xff\xd8\xff\xe0 anh"


@pytest.fixture(autouse=True)
def on_a_sunday() -> object:
    with time_machine.travel(vn("2026-11-22T20:00"), tick=False):
        yield


@pytest.fixture
def paper(cast: Cast) -> RequiredPaper:
    """The first paper that a land dossier must bring."""
    return cast.land.versions.get().papers.first()


def scan(name: str = "đơn.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")


def file(cast: Cast, client: Client, **more: object) -> HttpResponse:
    """What the page of the land procedure sends; an argument of None leaves a field out."""
    data = {
        "token": uuid4(),
        "office": cast.district.pk,
        "applicant_kind": "person",
        "applicant_name": "Nguyễn Thị Thúy Hằng",
        "applicant_id": "096184000123",
        "phone": "0912 345 678",
        "return_method": "desk",
        "bring": "on",
        **more,
    }
    sent = {name: value for name, value in data.items() if value is not None}
    return client.post(f"/nop-ho-so/{cast.land.key}/", sent)


def test_filing_gets_a_submission_code_and_stands_in_no_register(
    cast: Cast, client: Client, paper: RequiredPaper
) -> None:
    answer = file(cast, client, **{f"paper-{paper.pk}": [scan(), scan("trang 2.jpg", JPEG)]})
    assert answer.status_code == 302, text(answer)
    dossier = Dossier.objects.get()
    assert (dossier.current_state, dossier.channel) == (State.SUBMITTED, "online")
    assert dossier.code == "H12.TAM.967-261122-N0001"
    assert (dossier.received_on, dossier.phone) == (None, "0912345678")
    assert [(a.name, a.kind, a.required) for a in dossier.attachments.all()] == [
        ("đơn.pdf", "pdf", paper),
        ("trang 2.jpg", "jpg", paper),
    ]
    assert dossier.papers.get().required == paper
    done = client.get(answer["Location"])
    assert dossier.code in text(done)
    assert dossier.code not in answer["Location"]
    assert (done["Cache-Control"], done["X-Robots-Tag"]) == ("no-store", "noindex, nofollow")
    found = client.get("/tra-cuu/", {"ma": dossier.code})
    assert found.status_code == 200
    assert "Nguyễn" not in text(found)


def test_filing_desk_sees_it_opens_the_scans_and_accepts_from_the_next_working_day(
    cast: Cast, client: Client, paper: RequiredPaper
) -> None:
    papers = list(cast.land.versions.get().papers.all())
    file(cast, client, **{f"paper-{p.pk}": scan() for p in papers})
    dossier = Dossier.objects.get()
    clerk = logged_in(cast.clerk)
    assert dossier.code in text(clerk.get("/ban-lam-viec/?hang-doi=moi-nop"))
    page = clerk.get(f"/ho-so/{dossier.code}/")
    assert "Tệp công dân gửi đơn.pdf" in text(page)
    assert "công dân, qua mạng" in text(page)
    opened = clerk.get(f"/ho-so/{dossier.code}/tep/{dossier.attachments.first().pk}/")
    assert (opened["Content-Type"], opened["X-Content-Type-Options"]) == (
        "application/pdf",
        "nosniff",
    )
    assert b"".join(opened.streaming_content) == PDF
    form = clerk.get(f"/ho-so/{dossier.code}/viec/accept/").context["form"]
    data = {f.html_name: f.value() for f in form if f.value() is not None}
    accepted = clerk.post(f"/ho-so/{dossier.code}/viec/accept/", data)
    assert accepted.status_code == 302, text(accepted)
    dossier.refresh_from_db()
    assert dossier.current_state is State.RECEIVED
    assert dossier.submission_code == "H12.TAM.967-261122-N0001"
    assert dossier.effective_at == vn("2026-11-23T07:00")


def test_filing_only_who_may_see_the_dossier_may_open_its_scans(
    cast: Cast, client: Client, paper: RequiredPaper
) -> None:
    file(cast, client, **{f"paper-{paper.pk}": scan()})
    dossier = Dossier.objects.get()
    address = f"/ho-so/{dossier.code}/tep/{dossier.attachments.get().pk}/"
    assert client.get(address).status_code == 302, "a stranger is asked to log in"
    assert logged_in(cast.other_clerk).get(address).status_code == 404
    assert logged_in(cast.administrator).get(address).status_code == 404
    opened = logged_in(cast.overseer).get(address)
    assert opened.status_code == 200
    assert b"".join(opened.streaming_content) == PDF
    assert dossier.events.filter(kind=Event.Kind.READ, actor=cast.overseer).exists()
    other = cast.received("2026-11-20T09:00")
    stolen = f"/ho-so/{other.code}/tep/{dossier.attachments.get().pk}/"
    assert logged_in(cast.clerk).get(stolen).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("don.pdf", b"<html>", "Tệp “don.pdf” không phải là PDF, JPEG hay PNG"),
        ("C:\\ảnh\\rỗng.png", b"", "Tệp “rỗng.png” không có nội dung."),
        ("anh.jpg", b"MZ\x90 chuong trinh", "không phải là PDF, JPEG hay PNG"),
        ("to.pdf", PDF + b" " * uploads.LARGEST_FILE, "Tệp “to.pdf” lớn hơn 10 MB."),
    ],
)
def test_filing_file_that_is_not_taken_says_why_and_the_rest_is_kept(
    cast: Cast,
    client: Client,
    paper: RequiredPaper,
    name: str,
    content: bytes,
    sentence: str,
) -> None:
    sent = {f"paper-{paper.pk}": [scan(name, content), scan("tốt.pdf")]}
    answer = file(cast, client, **sent)
    assert answer.status_code == 422
    page = text(answer)
    assert sentence in page
    assert "tốt.pdf" in page
    assert 'value="Nguyễn Thị Thúy Hằng"' in answer.content.decode()
    assert not Dossier.objects.exists()
    assert Attachment.objects.get().name == "tốt.pdf"


def test_scans_survive_a_mistake_elsewhere_and_go_with_the_second_try(
    cast: Cast, client: Client, paper: RequiredPaper
) -> None:
    token = uuid4()
    first = file(cast, client, token=token, phone="", **{f"paper-{paper.pk}": scan()})
    assert first.status_code == 422
    assert "Hãy ghi số điện thoại để bộ phận một cửa liên hệ" in text(first)
    kept = [ref for row in first.context["sheet"].rows for _, ref in row.kept]
    again = file(cast, client, token=token, kept=kept)
    assert again.status_code == 302
    assert Dossier.objects.get().attachments.get().name == "đơn.pdf"
    twice = file(cast, client, token=token, kept=kept)
    assert twice["Location"].split("/")[2] == again["Location"].split("/")[2] == "da-nop"
    assert Dossier.objects.count() == 1


def test_missing_paper_is_sent_or_will_be_brought(
    cast: Cast, client: Client, paper: RequiredPaper
) -> None:
    answer = file(cast, client, bring=None)
    assert answer.status_code == 422
    assert f"Còn thiếu: {paper.name}" in text(answer)
    assert file(cast, client).status_code == 302


def test_filing_nobody_takes_the_files_of_another(
    cast: Cast, client: Client, paper: RequiredPaper
) -> None:
    file(cast, client, **{f"paper-{paper.pk}": scan()})
    taken = Attachment.objects.get()
    mine = filing.keep(scan("của tôi.pdf"), None)
    refs = [filing.reference(taken), filing.reference(mine), "giả:mạo"]
    assert filing.waiting(refs) == ([mine], False)
    assert file(cast, client, applicant_name="Lê Văn Tám", kept=refs).status_code == 302
    assert Dossier.objects.latest("pk").attachments.get() == mine
    taken.refresh_from_db()
    assert taken.dossier == Dossier.objects.earliest("pk")


def test_filing_files_that_no_dossier_took_are_thrown_away_after_two_hours(cast: Cast) -> None:
    old = filing.keep(scan(), None)
    path = Path(old.file.path)
    with time_machine.travel(vn("2026-11-22T21:59"), tick=False):
        assert filing.throw_away_forgotten() == 0
    with time_machine.travel(vn("2026-11-22T22:00"), tick=False):
        young = filing.keep(scan(), None)
        assert path.exists()
        assert filing.throw_away_forgotten() == 1
    assert not path.exists()
    assert list(Attachment.objects.all()) == [young]
    assert path.parent.stat().st_mode & 0o077 == 0, "for the server's own account only"


def test_filing_files_that_a_clock_that_ran_ahead_has_dated_do_not_wait_for_that_day() -> None:
    with time_machine.travel(vn("2027-11-22T20:00"), tick=False):
        ahead = filing.keep(scan(), None)
    young = filing.keep(scan(), None)
    assert filing.throw_away_forgotten() == 1
    assert not Path(ahead.file.path).exists()
    assert list(Attachment.objects.all()) == [young]


def test_filing_citizen_is_told_by_mail(cast: Cast, client: Client) -> None:
    load_templates()
    file(cast, client, email="hang@vidu.invalid", phone="0912345678")
    dossier = Dossier.objects.get()
    (notice,) = dossier.notices.filter(channel="email")
    assert dossier.code in notice.body
    perform.decline(dossier, by=cast.clerk, reason="Không thuộc thẩm quyền")
    assert dossier.notices.filter(channel="email").count() == 2


def test_filing_more_files_come_while_the_desk_waits_and_not_afterwards(
    cast: Cast, client: Client
) -> None:
    file(cast, client)
    dossier = Dossier.objects.get()
    more = filing.keep(scan("bổ sung.pdf"), None)
    event = perform.attach(dossier, by=None, attachments=[more])
    assert (event.kind, event.details) == ("attach", {"files": 1})
    with pytest.raises(MoveRefused, match="Chưa có tệp nào được gửi"):
        perform.attach(dossier, by=None, attachments=[more])
    perform.accept(dossier, by=cast.clerk)
    late = filing.keep(scan(), None)
    with pytest.raises(MoveRefused, match="Hồ sơ đã tiếp nhận nên không gửi thêm tệp được"):
        perform.attach(dossier, by=None, attachments=[late])


def test_procedure_that_is_solved_at_the_counter_is_not_filed_online(
    cast: Cast, client: Client
) -> None:
    assert client.get(f"/nop-ho-so/{cast.copy.key}/").status_code == 404
    assert "Nộp hồ sơ trực tuyến" not in text(client.get(f"/thu-tuc/{cast.copy.key}/"))
    assert f'href="/nop-ho-so/{cast.land.key}/"' in (
        client.get(f"/thu-tuc/{cast.land.key}/").content.decode()
    )
    cast.land.files_online = False
    cast.land.save()
    assert client.get(f"/nop-ho-so/{cast.land.key}/").status_code == 404


def test_office_that_does_not_receive_the_procedure_is_refused(cast: Cast, client: Client) -> None:
    answer = file(cast, client, office=cast.tan_loc.pk)
    assert answer.status_code == 422
    assert "Nơi này không nhận thủ tục này. Hãy chọn lại." in text(answer)


def test_filing_one_address_does_not_file_without_end(cast: Cast, client: Client) -> None:
    for _ in range(filings.allowed):
        filings.count("127.0.0.1")
    token = uuid4()
    answer = file(cast, client, token=token)
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert "“Nộp hồ sơ” một lần nữa sau 60 phút" in text(answer)
    page = answer.content.decode()
    assert "Nguyễn Thị Thúy Hằng" in page
    assert str(token) in page
    assert "Chưa nộp được" not in page
    assert not Dossier.objects.exists()
    assert Misses.objects.count() == 1


def test_filing_second_click_on_the_last_filing_allowed_shows_what_was_filed(
    cast: Cast, client: Client
) -> None:
    for _ in range(filings.allowed - 1):
        filings.count("127.0.0.1")
    token = uuid4()
    first, second = (file(cast, client, token=token) for _ in range(2))
    assert first.status_code == second.status_code == 302
    assert first["Location"].split("/")[1] == second["Location"].split("/")[1]
    assert Dossier.objects.count() == 1


def test_filing_files_kept_in_an_earlier_turn_stay_when_too_many_are_sent(
    cast: Cast, client: Client, paper: RequiredPaper
) -> None:
    first = file(cast, client, phone="", **{f"paper-{paper.pk}": scan()})
    assert first.status_code == 422
    kept = filing.reference(Attachment.objects.get())
    for _ in range(sendings.allowed):
        sendings.count("127.0.0.1")
    refused = file(cast, client, kept=kept, **{f"paper-{paper.pk}": scan("hai.pdf")})
    assert refused.status_code == 429
    assert f'value="{kept}"' in refused.content.decode()
    assert Attachment.objects.count() == 1


def test_filing_files_are_not_sent_without_end_either(cast: Cast, client: Client) -> None:
    for _ in range(sendings.allowed):
        assert sendings.count("127.0.0.1") == 0
    assert file(cast, client, tep=scan()).status_code == 429
    assert not Attachment.objects.exists()
    assert file(cast, client).status_code == 302, "without files nothing is kept beforehand"


def test_filing_scan_that_went_meanwhile_is_not_lost_in_silence(cast: Cast) -> None:
    kept = filing.keep(scan(), None)
    intake = Intake(
        procedure=cast.birth, office=cast.tan_loc, applicant_name="Nguyễn Văn Ân", channel="online"
    )
    Attachment.objects.filter(pk=kept.pk).delete()
    with pytest.raises(MoveRefused, match="không còn ở đây"):
        perform.submit(intake, [kept])
    assert not Dossier.objects.exists()


def test_filing_forged_receipt_is_no_page(client: Client) -> None:
    assert client.get("/nop-ho-so/da-nop/MQ:gia:mao/").status_code == 404


def test_filing_citizen_sends_more_with_code_and_four_digits(cast: Cast, client: Client) -> None:
    file(cast, client)
    dossier = Dossier.objects.get()
    perform.ask_supplement(dossier, by=cast.clerk, items="Sổ hộ khẩu", reason="Thiếu")
    client.post("/tra-cuu/xac-nhan/", {"ma": dossier.code, "so": "5678"})
    assert "Gửi thêm giấy tờ" in text(client.get("/tra-cuu/ho-so-cua-toi/"))
    send = "/tra-cuu/ho-so-cua-toi/gui-them/"
    bad = client.post(send, {"tep": [scan("sổ.pdf"), scan("virus.exe", b"MZ")]})
    assert bad.status_code == 422
    page = text(bad)
    assert "Tệp “virus.exe” không phải là PDF, JPEG hay PNG" in page
    assert "Các tệp khác đã được nhận." in page
    assert dossier.attachments.get().name == "sổ.pdf"
    assert client.post(send, {"tep": scan("trang 2.jpg", JPEG)}).status_code == 302
    assert dossier.events.filter(kind=Event.Kind.ATTACH).count() == 2
    assert "Công dân gửi thêm tệp trực tuyến" in text(
        logged_in(cast.clerk).get(f"/ho-so/{dossier.code}/")
    )
    perform.accept(dossier, by=cast.clerk)
    assert "Gửi thêm giấy tờ" not in text(client.get("/tra-cuu/ho-so-cua-toi/"))
    late = client.post(send, {"tep": scan()})
    assert late.status_code == 422
    client.logout()
    assert client.post(send, {"tep": scan()}).status_code == 403


def test_filing_more_scans_than_a_dossier_takes_are_not_filed(cast: Cast, client: Client) -> None:
    kept = [
        filing.reference(filing.keep(scan(), None)) for _ in range(filing.MOST_OF_A_DOSSIER + 1)
    ]
    answer = file(cast, client, kept=kept)
    assert answer.status_code == 422
    assert "không nhận thêm được" in text(answer)
    assert not Dossier.objects.exists()


def test_scans_that_nobody_took_go_at_night(cast: Cast) -> None:
    for _ in range(101):
        filing.keep(scan(), None)
    Attachment.objects.update(added_at=clock.now() - timedelta(hours=3))
    call_command("prune_files", stdout=StringIO())
    assert not Attachment.objects.exists()


def test_filing_what_is_sent_along_later_is_limited_too(cast: Cast, client: Client) -> None:
    """By address like a filing, and by dossier; what came stays, and the page says what to do."""
    file(cast, client)
    dossier = Dossier.objects.get()
    client.post("/tra-cuu/xac-nhan/", {"ma": dossier.code, "so": "5678"})
    send = "/tra-cuu/ho-so-cua-toi/gui-them/"
    perform.attach(
        dossier,
        by=None,
        attachments=[filing.keep(scan(), None) for _ in range(filing.MOST_OF_A_DOSSIER - 1)],
    )
    more = client.post(send, {"tep": [scan("sáu mươi.pdf"), scan("sáu mốt.pdf")]})
    assert more.status_code == 422
    assert "Các tệp sau chưa được nhận." in text(more)
    full = client.post(send, {"tep": scan()})
    assert full.status_code == 422
    assert "Hồ sơ này đã có 60 tệp, không nhận thêm được." in text(full)
    assert dossier.attachments.count() == Attachment.objects.count() == filing.MOST_OF_A_DOSSIER

    while not sendings.count("127.0.0.1"):
        pass
    often = client.post(send, {"tep": scan()})
    assert (often.status_code, int(often["Retry-After"]) > 0) == (429, True)
    assert "Từ địa chỉ này đã gửi nhiều tệp" in text(often)


def test_filing_offers_only_desks_with_a_clerk_in_order_and_the_wanted_one_first(
    cast: Cast, client: Client
) -> None:
    commune = client.get(f"/nop-ho-so/{cast.birth.key}/?noi=32068")
    form = commune.context["form"]
    assert [name for _, name in form.fields["office"].choices[1:]] == ["Xã Biển Bạch", "Xã Tân Lộc"]
    assert form["office"].value() == cast.bien_bach.pk
    assert "Nộp trực tuyến cho xã Tân Lộc" in text(client.get(f"/thu-tuc/{cast.birth.key}/"))
    cast.other_clerk.is_active = False
    cast.other_clerk.save()
    alone = client.get(f"/nop-ho-so/{cast.birth.key}/").context["form"]
    assert alone["office"].value() == cast.tan_loc.pk
    cast.commune_clerk.is_active = False
    cast.commune_clerk.save()
    assert client.get(f"/nop-ho-so/{cast.birth.key}/").status_code == 404
    assert "Nộp hồ sơ trực tuyến" not in text(client.get(f"/thu-tuc/{cast.birth.key}/"))
