"""Pages as a person uses them: open, read, fill in, send."""

import re

from django.test import Client

from dossiers.models import Dossier
from motcua.models import Staff


def logged_in(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def path(dossier: Dossier, verb: str = "") -> str:
    return f"/ho-so/{dossier.code}/" + (f"viec/{verb}/" if verb else "")


def text(answer: object) -> str:
    """The words of a page, without tags, in single spaces."""
    body = re.sub(r"<[^>]+>", " ", answer.content.decode())  # type: ignore[attr-defined]
    return re.sub(r"\s+([.,]|$)", r"\1", re.sub(r"\s+", " ", body))


def send(client: Client, dossier: Dossier, verb: str, **data: object) -> object:
    """Open the page of the act, fill it in, send it."""
    form = client.get(path(dossier, verb)).context["form"]
    sent = {field.html_name: field.value() for field in form if field.value() is not None}
    sent |= data
    return client.post(path(dossier, verb), sent)
