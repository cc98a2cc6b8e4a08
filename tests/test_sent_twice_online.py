"""What a citizen sends twice from the own page, or when filing online, is done once."""

from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dossiers.citizens.ratings import load_criteria
from dossiers.lifecycle import perform
from dossiers.models import Attachment, Dossier, Event, Rating
from tests.cast import Cast
from tests.test_sent_twice import OWN, answer, on_a_wednesday

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_a_wednesday")]
__all__ = ["on_a_wednesday"]


def scan(name: str = "đơn.pdf", content: bytes = b"%PDF-1.7\n%%EOF") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def filing(cast: Cast) -> dict[str, Any]:
    return {
        "token": str(uuid4()),
        "office": cast.district.pk,
        "applicant_kind": "person",
        "applicant_name": "Nguyễn Thị Thúy Hằng",
        "applicant_id": "096184000123",
        "phone": "0912 345 678",
        "return_method": "desk",
        "bring": "on",
    }


def test_filing_sent_twice_has_one_answer_and_one_set_of_files(
    cast: Cast, client: Client, on_a_wednesday: time_machine.Traveller
) -> None:
    address, form = f"/nop-ho-so/{cast.land.key}/", filing(cast)
    first = client.post(address, form | {"other": scan()})
    assert first.status_code == 302
    on_a_wednesday.shift(5)
    assert answer(client.post(address, form | {"other": scan()})) == answer(first)
    cast.land.files_online = False
    cast.land.save()
    assert answer(client.post(address, form | {"other": scan()})) == answer(first)
    assert (Dossier.objects.count(), Attachment.objects.count()) == (1, 1)
    assert client.get(first["Location"]).status_code == 200


def opened(cast: Cast, client: Client) -> str:
    """The citizen's own page of a dossier filed online; its token."""
    client.post(f"/nop-ho-so/{cast.land.key}/", filing(cast))
    client.post("/tra-cuu/xac-nhan/", {"ma": Dossier.objects.get().code, "so": "0123"})
    return client.get(OWN).context["token"]


def test_sent_twice_more_files_sent_twice_are_laid_in_once(cast: Cast, client: Client) -> None:
    token, address = opened(cast, client), f"{OWN}gui-them/"
    answers = [client.post(address, {"tep": scan(), "token": token}) for _ in range(2)]
    assert answer(answers[0]) == answer(answers[1]) == (302, f"{OWN}#gui-them")
    assert Attachment.objects.count() == 1
    assert Event.objects.filter(kind="attach").count() == 1


def test_sent_twice_other_files_sent_from_the_same_page_are_laid_in_too(
    cast: Cast, client: Client
) -> None:
    token, address = opened(cast, client), f"{OWN}gui-them/"
    for content in (b"%PDF-1.7\nA\n%%EOF", b"%PDF-1.7\nB\n%%EOF"):
        sent = {"tep": scan(content=content), "token": token}
        assert client.post(address, sent).status_code == 302
    assert Attachment.objects.filter(dossier__isnull=False).count() == 2
    assert Event.objects.filter(kind="attach").count() == 2


def test_sent_twice_more_files_of_which_one_was_refused_say_so_again(
    cast: Cast, client: Client
) -> None:
    token, address = opened(cast, client), f"{OWN}gui-them/"
    for _ in range(2):
        files = [scan(), scan("virus.exe", b"MZ")]
        said = client.post(address, {"tep": files, "token": token})
        assert said.status_code == 422
        assert "Các tệp khác đã được nhận." in said.content.decode()
    assert Attachment.objects.filter(dossier__isnull=False).count() == 1


def test_rating_sent_twice_is_one_rating(cast: Cast, client: Client) -> None:
    load_criteria()
    dossier = cast.received("2016-03-01T09:00", phone="0912777888")
    perform.resolve(dossier, by=cast.clerk, outcome="approved")
    client.post("/tra-cuu/xac-nhan/", {"ma": dossier.code, "so": "7888"})
    answers = [client.post(f"{OWN}danh-gia/", {"thai-do": "2"}) for _ in range(2)]
    assert answer(answers[0]) == answer(answers[1]) == (302, f"{OWN}#danh-gia")
    assert Rating.objects.get().scores.count() == 1


# At the same moment
