"""The return counter as a clerk uses it: results that lie ready, the page, Enter."""

from uuid import uuid4

from django.test import Client

from dossiers.desk.returns import returning
from dossiers.lifecycle import perform
from dossiers.models import Dossier
from tests.cast import Cast, vn

RETURN, UNDO, CARD, SEARCH = "/tra-ket-qua/", "/tra-ket-qua/hoan-tac/", "/ho-so/the/", "/ho-so/"
NUMBER = "096190000123"
MAU = f"{NUMBER}|381234567|Nguyễn Thị Mẫu|05031990|Nữ|Ấp 1|12082021"
OTHER = "096205000456||Trần Văn Ví Dụ|15072005|Nam|Khóm 2|20102022"


def received(cast: Cast, **fields: object) -> Dossier:
    mau = {"applicant_name": "Nguyễn Thị Mẫu", "applicant_id": NUMBER, "phone": "0900000456"}
    return cast.received("2016-03-01T09:00", **{**mau, **fields})


def ready(cast: Cast, **fields: object) -> Dossier:
    dossier = received(cast, **fields)
    perform.resolve(dossier, by=cast.leader, outcome="approved", at=vn("2016-03-08T09:00"))
    return dossier


def form_of(page: object, **typed: object) -> dict[str, object]:
    """What the page sends when Enter is pressed in the empty field for scans."""
    context = page.context  # type: ignore[attr-defined]
    form = context["form"]
    fields = {field.html_name: field.value() or "" for field in form}
    ticked = [r.dossier.code for r in context["results"] if r.is_ticked]
    of_page = {"token": str(context["token"]), "ma": context["person"].code, "ho-so": ticked}
    return {**fields, **of_page, "q": "", **typed}


def press(client: Client, page: object, **typed: object) -> object:
    return client.post(RETURN, form_of(page, **typed))


def sent_by_enter(cast: Cast, q: str = "") -> dict[str, object]:
    """What the page sends of two results of one person, `q` scanned into the field."""
    codes = [ready(cast).code for _ in range(2)]
    words = {"collector": "applicant", "name": "", "paper": ""}
    return {**words, "token": str(uuid4()), "ma": codes[0], "ho-so": codes, "q": q}


def sent_to_undo(cast: Cast) -> dict[str, object]:
    """What the page sends of two results that this clerk has just handed over."""
    two = [ready(cast) for _ in range(2)]
    returning.hand_over(two, returning.Collector("Lê Văn Rạch"), by=cast.clerk, token=uuid4())
    return {"token": str(uuid4()), "ho-so": [dossier.code for dossier in two]}
