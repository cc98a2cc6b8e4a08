"""The page of an intake as a clerk uses it: filled in, read again."""

import re
from html import unescape
from typing import Any
from uuid import uuid4

from procedures.models import Procedure, RequiredPaper

PAGE = "/ho-so/tiep-nhan/"


def page_of(procedure: Procedure) -> str:
    return f"{PAGE}?thu-tuc={procedure.key}"


def typed(procedure: Procedure, *, without: int = 0, **fields: Any) -> dict[str, Any]:
    """A filled form, all papers ticked but the last `without` ones."""
    papers = list(RequiredPaper.objects.filter(version__procedure=procedure))
    form = {
        "act": "register",
        "token": str(uuid4()),
        "shown": procedure.key,
        "applicant_kind": "person",
        "applicant_name": "Nguyễn Văn Ân",
        "channel": "direct",
        "return_method": "desk",
        "sets": "1",
    }
    for paper in papers[: len(papers) - without]:
        form[f"paper-{paper.pk}-given"] = "on"
    return form | fields


def of_another_person() -> dict[str, str]:
    """What makes a filled form that of the next in the queue: the same person is asked about."""
    token = str(uuid4())
    return {"token": token, "applicant_name": f"Nguyễn Văn {token}"}


def text(response: Any) -> str:
    """What the page says, without its markup."""
    body = re.sub(r"<(script|style).*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def value(response: Any, name: str) -> str:
    """What stands in the field of this name."""
    page = response.content.decode()
    found = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    assert found, name
    shown = re.search(r'value="([^"]*)"', found[0])
    return unescape(shown[1]) if shown else ""
