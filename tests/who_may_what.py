"""The world in which `test_who_may_what.py` walks every address, and the walk itself.

Own is the commune Tân Lộc, foreign the commune Biển Bạch beside it. One person of each role
sits in Tân Lộc; a leader and an administrator of the district above look on from there.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.db import models, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from dossiers.citizens.ratings import load_criteria
from dossiers.desk.reasons import load_reasons
from dossiers.forms.verbs import FORMS
from dossiers.lifecycle import perform
from dossiers.lifecycle.late_causes import load_causes
from dossiers.models import Attachment, Dossier, LateCause, Notice, NoticeTemplate
from dossiers.views.filing import receipt_of
from motcua import clock
from motcua.models import LoginEvent, Office, Staff
from motcua.web.admin_site import site
from procedures.life_events import load_life_events
from procedures.models import (
    ElsewhereRule,
    HandledElsewhere,
    OfficeClosure,
    PaperHandOver,
    ProcedureWords,
    SearchTerm,
    UnansweredQuestion,
)
from procedures.shipped.catalogue_2026 import load_data_rule
from reports.converters import FURTHER
from reports.models import RegisterExport, ReportDeadline, Target
from reports.opening.entry import enter
from reports.sign_off import closing
from tests.cast import Cast, make_staff, vn

TABLE = Path(__file__).with_name("who_may_what.csv")
ROLES = ("clerk", "specialist", "leader", "overseer", "administrator")
PEOPLE = ("anonymous", *ROLES, "leader above", "administrator above")
METHODS = ("GET", "POST")
PERIOD = "2016-Q1"


@dataclass
class Place:
    """One office with what stands in it: who works there, and a dossier for every paper."""

    office: Office
    staff: dict[str, Staff]
    dossiers: dict[str, Dossier]
    export: RegisterExport
    rows: dict[str, models.Model]


def furnish(cast: Cast, office: Office, clerk: Staff, mark: str) -> Place:
    staff = {
        role: make_staff(f"{mark}-{role}", office, role, is_staff=role == "administrator")
        for role in ROLES
    }
    made = {
        name: cast.received(
            f"2016-02-0{day}T09:00", office=office, procedure=cast.birth, by=clerk, **fields
        )
        for day, name, fields in (
            (1, "open", {}),
            (2, "refused", {"phone": "0900000123"}),
            (3, "stopped", {}),
            (3, "waiting", {}),
            (4, "late", {}),
        )
    }
    later = vn("2016-03-01T09:00")
    perform.resolve(made["refused"], by=clerk, at=later, outcome="refused", result_note="Sai")
    perform.stop(made["stopped"], by=clerk, at=later, reason="Theo quyết định")
    perform.ask_supplement(made["waiting"], by=clerk, at=later, items="Đơn", reason="Thiếu đơn")
    asked, brought = vn("2016-02-05T09:00"), vn("2016-02-05T10:00")
    perform.ask_supplement(made["late"], by=clerk, at=asked, items="Đơn", reason="Thiếu đơn")
    perform.receive_supplement(made["late"], by=clerk, at=brought)
    perform.apologise(
        made["late"],
        by=clerk,
        at=later,
        cause=LateCause.objects.order_by("pk").first(),
        reason="Chờ xác minh",
        new_due_at=vn("2016-03-10T17:00"),
        signer="Phạm Hoàng Khởi",
    )
    Attachment.objects.create(
        dossier=made["open"],
        name="đơn.pdf",
        kind="pdf",
        size=5,
        file=ContentFile(b"%PDF-", "don.pdf"),
        added_at=later,
    )
    period = closing.closable(PERIOD, "calendar")
    seen = closing.fingerprint(closing.table_now(office, period))
    closing.sign(office, period, by=staff["leader"], seen=seen)
    opening = enter(
        office,
        cast.birth.sector,
        (date(2015, 1, 1), date(2015, 12, 31)),
        {"received_direct": 2, "resolved_early": 2},
        by=staff["leader"],
    )
    return Place(
        office=office,
        staff=staff,
        dossiers=made,
        export=RegisterExport.objects.create(
            made_by=staff["clerk"],
            made_at=clock.now(),
            touched_at=clock.now(),
            kind="pdf",
            selection={},
            title="Sổ",
            total=1,
        ),
        rows={
            "office": office,
            "opening": opening,
            "staff": staff["clerk"],
            "loginevent": LoginEvent.objects.create(
                at=clock.now(), kind="in", staff=clerk, office=office, address="127.0.0.1"
            ),
            "division": office.divisions.create(name="Tư pháp - Hộ tịch"),
            "datarule": load_data_rule(),
            "officeclosure": OfficeClosure.objects.create(
                office=office, date=vn("2016-09-15T09:00").date(), reason="Đại hội"
            ),
        },
    )


def furnish_both(cast: Cast) -> dict[str, Place]:
    load_causes()
    load_reasons()
    load_criteria()
    load_life_events()
    NoticeTemplate.objects.get_or_create(kind="resolve", channel="sms", defaults={"body": "{ma}"})
    ReportDeadline.objects.get_or_create(level="commune", defaults={"days": 10})
    Target.objects.get_or_create(
        measure="on_time", from_on=date(2016, 1, 1), defaults={"value": 95, "source": "Kế hoạch"}
    )
    ElsewhereRule.objects.get_or_create(is_allowed=True, source="Quyết định của tỉnh")
    PaperHandOver.objects.get_or_create(defaults={"source": "Quyết định của tỉnh"})
    SearchTerm.objects.get_or_create(word="sổ đỏ", means="giấy chứng nhận")
    ProcedureWords.objects.get_or_create(procedure=cast.birth, names="làm lại khai sinh")
    HandledElsewhere.objects.get_or_create(matter="Hộ chiếu", words="passport", where="Công an")
    UnansweredQuestion.objects.get_or_create(
        words="nuôi cá sấu", times=3, is_shown=True, last_asked_on=clock.today()
    )
    own = furnish(cast, cast.tan_loc, cast.commune_clerk, "xa")
    foreign = furnish(cast, cast.bien_bach, cast.other_clerk, "xa-khac")
    for place in (own, foreign):
        notices = Notice.objects.filter(dossier__office=place.office)
        place.rows["notice"] = notices.first() or Notice()
    return {"own": own, "foreign": foreign}


# What stands in the address of a page. Every name of a parameter is known here.

DOSSIERS = {
    "dossier_refusal": "refused",
    "dossier_stop": "stopped",
    "dossier_supplement": "waiting",
    "dossier_new_date": "late",
    "dossier_apology": "late",
}
CASES: dict[str, list[dict[str, Any]]] = {
    "dossier_act": [{"verb": verb} for verb in FORMS],
    "report_export": [{"format": word} for word in ("csv", "xlsx", "pdf")],
    "further_report": [{"word": word} for word in FURTHER],
    "further_dossiers": [{"word": word} for word in FURTHER if word != "tre-han"],
    "further_export": [
        *({"word": "tre-han", "format": word} for word in ("csv", "xlsx", "pdf")),
        *({"word": word, "format": "csv"} for word in FURTHER if word != "tre-han"),
    ],
    "procedure_list_paper": [{"size": "a4"}],
    "open_data_file": [{"format": word} for word in ("json", "csv")],
    "closing_export": [{"format": word} for word in ("csv", "xlsx", "pdf")],
    "closing_warning": [{"kind": "backdated"}],
    "admin:app_list": [{"app_label": "motcua"}],
}
QUERIES = {
    "lookup": {"ma": "H12.TAM.967-160101-9999"},
    "intake_due": {"thu-tuc": "X902"},
    "figure_dossiers": {"ky": PERIOD, "cot": "received_direct"},
    "national_index_dossiers": {"cot": "late"},
    "month_sheet_dossiers": {"cot": "post"},
    "further_report": {"ky": PERIOD},
    "further_export": {"ky": PERIOD, "ten": "co"},
    "further_dossiers": {"ky": PERIOD, "cot": "pending_overdue"},
    "further_dossiers noi-nhan": {"ky": PERIOD, "cot": "received"},
    "closing_dossiers": {"cot": "received_direct"},
    "closing_remind": {"ky": PERIOD},
}


def addresses(name: str, route: str, place: Place, cast: Cast) -> Iterator[tuple[str, str]]:
    """(key, address) of each case of a pattern, in this office."""
    for case in CASES.get(name, [{}]):
        known = values(name, place, cast) | case
        keys = [key for key in parameters(route) if key not in known]
        assert not keys, f"{name}: say in tests/who_may_what.py what {keys} stands for"
        chosen = {key: known[key] for key in parameters(route)}
        mark = " ".join([name, *case.values()])
        if name.endswith(":None"):  # Django's unnamed ways into a row and to nowhere
            mark = f"admin:{route.removeprefix('quan-tri/')}"
            yield mark, "/" + filled(route, chosen)
        else:
            yield mark, reverse(name, kwargs=chosen)


def values(name: str, place: Place, cast: Cast) -> dict[str, Any]:
    if name.startswith("closing"):
        return {"code": place.office.code, "key": PERIOD, "version": 1}
    if name.startswith("opening"):
        return {"code": place.office.code, "pk": place.rows["opening"].pk}
    if name in ("procedure_detail", "procedure_paper", "file_online"):
        return {"key": cast.birth.key}
    if name in ("office_detail", "trial_slip"):
        return {"code": place.office.code}
    if name.startswith("office_sector"):
        return {"code": place.office.code, "key": cast.birth.sector_id}
    if name == "filed":
        return {"receipt": receipt_of(place.dossiers["open"])}
    row = row_of(name, place, cast)
    scans = place.dossiers["open"].attachments
    return {
        "code": place.dossiers[DOSSIERS.get(name, "open")].code,
        "number": scans.get().pk if name == "dossier_attachment" else 1,
        "digest": "0" * 64,
        "pk": place.export.pk,
        "object_id": row,
        "id": row,
        "content_type_id": 1,
        "url": "khong-co",
    }


def row_of(name: str, place: Place, cast: Cast) -> Any:
    """The row that a page of the administration shows: of this office where it belongs to one."""
    if name == "admin:auth_user_password_change":
        return place.rows["staff"].pk
    for model in site._registry:
        if f":{model._meta.app_label}_{model._meta.model_name}_" in name:
            found = place.rows.get(model._meta.model_name or "") or model.objects.first()
            return found.pk if found else 1
    return place.rows["staff"].pk


def parameters(route: str) -> list[str]:
    """The names in a route, whether it is written with <int:pk> or as a regular expression."""
    return re.findall(r"<(?:\w+:)?(\w+)>", route)


def filled(route: str, chosen: dict[str, Any]) -> str:
    return re.sub(
        r"\(\?P<(\w+)>[^)]*\)\$?|<(?:\w+:)?(\w+)>", lambda m: str(chosen[m[1] or m[2]]), route
    )


def patterns(
    found: list[Any] | None = None, route: str = "", space: str = ""
) -> Iterator[tuple[str, str]]:
    """(name, route) of every address that the site answers."""
    for one in get_resolver().url_patterns if found is None else found:
        whole = route + str(one.pattern)
        if isinstance(one, URLResolver):
            inner = f"{space}{one.namespace}:" if one.namespace else space
            yield from patterns(one.url_patterns, whole, inner)
        elif isinstance(one, URLPattern):
            yield f"{space}{one.name}", whole


# The walk


class Walk:
    """Asks every address as every person, and leaves no trace of having asked."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.places = furnish_both(cast)
        above = make_staff("huyen-quan-tri", cast.district, "administrator", is_staff=True)
        people = {
            "anonymous": None,
            **{role: self.places["own"].staff[role] for role in ROLES},
            "leader above": cast.leader,
            "administrator above": above,
        }
        self.clients = {who: self._client(staff) for who, staff in people.items()}

    def _client(self, staff: Staff | None) -> Client:
        client = Client()
        if staff is not None:
            client.force_login(staff)
        return client

    def ask(self, who: str, method: str, address: str, query: dict[str, str]) -> str:
        """The status, in one word: `login` where the person is asked to log in first."""
        client = self.clients[who]
        kept = client.cookies.copy()
        with transaction.atomic():
            send = client.get if method == "GET" else client.post
            answer = send(address, query)
            if answer.streaming:  # a file is read to its end, and closed
                b"".join(answer.streaming_content)
            transaction.set_rollback(True)
        client.cookies = kept
        return word(answer)

    def rows(self) -> Iterator[tuple[str, str, list[str]]]:
        """(key, method, a cell for each person): own/foreign, or once where both are the same."""
        for name, route in patterns():
            own = list(addresses(name, route, self.places["own"], self.cast))
            foreign = list(addresses(name, route, self.places["foreign"], self.cast))
            for (key, here), (_, there) in zip(own, foreign, strict=True):
                query = QUERIES.get(key) or QUERIES.get(name, {})
                for method in METHODS[:1] if name.endswith(":None") else METHODS:
                    cells = []
                    for who in PEOPLE:
                        seen = [self.ask(who, method, here, query)]
                        if there != here:
                            seen.append(self.ask(who, method, there, query))
                        cells.append("/".join(dict.fromkeys(seen)))
                    yield key, method, cells


def word(answer: HttpResponse) -> str:
    if answer.status_code == 302 and answer["Location"].startswith("/dang-nhap/"):
        return "login"
    return str(answer.status_code)


def written() -> dict[tuple[str, str], list[str]]:
    """The table as it is written down."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        lines = [line for line in csv.reader(file) if line and not line[0].startswith("#")]
    assert lines[0] == ["address", "method", *PEOPLE]
    return {(line[0], line[1]): line[2:] for line in lines[1:]}
