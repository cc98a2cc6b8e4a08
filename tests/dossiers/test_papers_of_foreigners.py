"""A person with a passport or a residence card: at the counter, online, corrected, on paper."""

from pathlib import Path
from uuid import uuid4

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client

from dossiers.lifecycle import notices
from dossiers.models import Dossier
from dossiers.rules.states import State
from procedures.models import Procedure
from procedures.offering import files_online
from tests.cast import Cast, vn
from tests.dossiers.counter_pages import PAGE, page_of, typed, value
from tests.dossiers.pages import logged_in, path, send, text
from tests.dossiers.printed import printed, received

pytestmark = pytest.mark.django_db
FOREIGNER = {
    "applicant_name": "Sok Dara",
    "applicant_id": "n 1234567",
    "phone": "+855 12 345 678",
    "address": "Phnom Penh",
}


def test_papers_of_foreigners_file_every_procedure_with_a_foreign_side_everywhere(
    cast: Cast, client: Client
) -> None:
    call_command("load_base", verbosity=0)
    procedures = Procedure.objects.filter(name__contains="có yếu tố nước ngoài")
    assert len(procedures) >= 8
    clerk = logged_in(cast.clerk)
    online = 0
    for number, procedure in enumerate(procedures):
        who = FOREIGNER | {"applicant_id": f"N123450{number}"}
        with time_machine.travel(vn("2026-11-23T09:00")):
            form = typed(procedure, **who)
            answer = clerk.post(page_of(procedure), form)
            assert answer.status_code == 302, text(answer)
            if not files_online(procedure, procedure.version_on(vn("2026-11-23T09:00").date())):
                continue
            online += 1
            sent = {"token": uuid4(), "office": cast.district.pk, "applicant_kind": "person"}
            sent |= {"return_method": "desk", "bring": "on"} | who
            sent |= {"applicant_id": f"N123460{number}"}
            answer = client.post(f"/nop-ho-so/{procedure.key}/", sent)
            assert answer.status_code == 302, text(answer)
    kept = set(Dossier.objects.values_list("applicant_id_kind", "phone"))
    assert kept == {("passport", "+85512345678")}
    assert Dossier.objects.filter(state=State.SUBMITTED).count() == online >= 6
    filed = Dossier.objects.filter(state=State.SUBMITTED).first()
    with time_machine.travel(vn("2026-11-23T10:00")):
        papers = list(filed.version.papers.values_list("pk", flat=True))
        accepted = send(clerk, filed, "accept", papers=papers)
    assert accepted.status_code == 302, text(accepted)


@pytest.mark.parametrize(
    ("kind", "number", "kept_kind", "kept", "name"),
    [
        ("", "C1234567", "passport", "C1234567", "Hộ chiếu C1234567"),
        ("passport", "541 234 567", "passport", "541234567", "Hộ chiếu 541234567"),
        ("", "hộ chiếu 541234567", "passport", "541234567", "Hộ chiếu 541234567"),
        ("temporary", "NN1-123456", "temporary", "NN1123456", "Thẻ tạm trú NN1123456"),
        ("permanent", "PRC 000123", "permanent", "PRC000123", "Thẻ thường trú PRC000123"),
        ("", "381234567", "", "381234567", "CMND 381234567"),
        ("", "096190000123", "", "096190000123", "CCCD 096190000123"),
    ],
)
def test_kind_of_number_is_kept_and_named_of_applicant_and_submitter(
    cast: Cast, kind: str, number: str, kept_kind: str, kept: str, name: str
) -> None:
    clerk = logged_in(cast.clerk)
    form = typed(
        cast.land,
        applicant_id_kind=kind,
        applicant_id=number,
        submitter_name="Lê Thị Bé",
        submitter_id_kind=kind,
        submitter_id=number,
    )
    with time_machine.travel(vn("2026-11-23T09:00")):
        answer = clerk.post(page_of(cast.land), form)
        assert answer.status_code == 302, text(answer)
        dossier = Dossier.objects.get()
        assert (dossier.applicant_id_kind, dossier.applicant_id) == (kept_kind, kept)
        assert (dossier.submitter_id_kind, dossier.submitter_id) == (kept_kind, kept)
        page = text(clerk.get(path(dossier)))
        assert name in page
        assert f"Lê Thị Bé, {name}" in page


def test_papers_of_foreigners_number_that_is_none_of_the_kind_comes_back_as_it_was_typed(
    cast: Cast,
) -> None:
    clerk = logged_in(cast.clerk)
    for kind, number, sentence in (
        ("", "38123456A", "chọn loại giấy tờ đó"),
        ("passport", "AB", "Số hộ chiếu gồm chữ cái không dấu và chữ số"),
        ("visa", "C1234567", "Hãy chọn một trong các mục."),
    ):
        form = typed(cast.land, applicant_id_kind=kind, applicant_id=number)
        answer = clerk.post(page_of(cast.land), form)
        assert answer.status_code == 422
        assert sentence in text(answer)
        assert value(answer, "applicant_id") == number
    assert not Dossier.objects.exists()


def test_earlier_dossier_is_found_by_a_passport(cast: Cast) -> None:
    clerk = logged_in(cast.clerk)
    for kind, number in (("passport", "541234567"), ("passport", "N1234567")):
        cast.received(applicant_name="Sok Dara", applicant_id=number, applicant_id_kind=kind)
        asked = {"applicant_id": f" {number[:3]} {number[3:]}", "applicant_id_kind": kind}
        found = clerk.post(f"{PAGE}nguoi-nop/", asked).json()
        assert found["fields"]["applicant_name"] == "Sok Dara"
        assert found["fields"]["applicant_id_kind"] == kind


def test_correction_of_the_kind_alone_reads_the_number_again(cast: Cast) -> None:
    dossier = cast.received(applicant_id="541234567", phone="0912000001")
    clerk = logged_in(cast.clerk)
    answer = send(clerk, dossier, "correct", applicant_id_kind="passport", reason="Hộ chiếu Anh")
    assert answer.status_code == 302, text(answer)
    dossier.refresh_from_db()
    assert (dossier.applicant_id_kind, dossier.applicant_id) == ("passport", "541234567")
    assert "loại giấy tờ của người nộp: Hộ chiếu" in text(clerk.get(path(dossier)))
    wrong = send(clerk, dossier, "correct", applicant_id_kind="", applicant_id="5412", reason="Sửa")
    assert "Số này có 4 chữ số." in text(wrong)
    answer = send(
        clerk, dossier, "correct", phone="+44 20 7946 0123", applicant_id="C1234567", reason="Sửa"
    )
    dossier.refresh_from_db()
    assert (dossier.phone, dossier.applicant_id) == ("+442079460123", "C1234567")


def test_paper_names_the_kind_of_a_number_that_is_no_personal_number(
    cast: Cast, tmp_path: Path
) -> None:
    passport = received(
        cast, "2025-10-06T08:05", applicant_id="N1234567", applicant_id_kind="passport"
    )
    client = logged_in(cast.clerk)
    slip = printed(client, f"{path(passport)}phieu-hen.pdf", tmp_path)
    assert "Số định danh cá nhân/tổ chức: hộ chiếu N1234567" in slip
    card = received(cast, "2025-10-06T08:05")
    slip = printed(client, f"{path(card)}phieu-hen.pdf", tmp_path)
    assert f"Số định danh cá nhân/tổ chức: {card.applicant_id}" in slip


def test_papers_of_foreigners_foreign_telephone_gets_no_text_message(cast: Cast) -> None:
    notices.load_templates()
    dossier = cast.received(phone="+85512345678", email="dara@vidu.invalid")
    assert [notice.channel for notice in dossier.notices.all()] == ["email"]
    assert [n.channel for n in cast.received(phone="0912000001").notices.all()] == ["sms"]


@pytest.mark.parametrize("shown", ["N1234567", "n 1234567", "+855 12 345 678", "+855 (12) 345678"])
def test_papers_of_foreigners_foreigner_is_found_by_passport_and_telephone(
    cast: Cast, shown: str
) -> None:
    cast.received(applicant_id="N1234567", applicant_id_kind="passport", phone="+85512345678")
    page = logged_in(cast.clerk).post("/ho-so/", {"q": shown}, follow=True)
    assert "Nguyễn Văn Ân" in text(page)


def test_papers_of_foreigners_last_four_digits_of_a_passport_open_the_own_dossier(
    cast: Cast, client: Client
) -> None:
    dossier = cast.received(applicant_id="12AB34567X", applicant_id_kind="passport")
    answer = client.post("/tra-cuu/xac-nhan/", {"ma": dossier.code, "so": "4567"})
    assert answer.status_code == 302
    assert "thì chỉ lấy các chữ số" in text(client.get("/tra-cuu/xac-nhan/"))
