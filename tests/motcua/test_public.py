"""What search engines and logs learn of the pages: nothing that belongs to a person."""

import runpy
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import Client
from gunicorn.config import Config
from gunicorn.glogging import Logger

from motcua.models import Office
from motcua.web.context import site_names
from tests.cast import Cast

CONF = Path(__file__).resolve().parents[2] / "gunicorn.conf.py"


@pytest.mark.parametrize("address", ["/", "/thu-tuc/", "/thu-tuc/H901/"])
def test_public_what_is_for_everybody_may_be_found(
    cast: Cast, client: Client, address: str
) -> None:
    assert client.get(address).headers["X-Robots-Tag"] == "all"


@pytest.mark.parametrize(
    "address",
    ["/ban-lam-viec/", "/ho-so/", "/thong-ke/", "/quan-tri/", "/dang-nhap/", "/khong-co/"],
)
@pytest.mark.parametrize("logged_in", [False, True])
def test_public_what_is_for_staff_may_not(
    cast: Cast, client: Client, address: str, logged_in: bool
) -> None:
    if logged_in:
        client.force_login(cast.leader)

    assert client.get(address).headers["X-Robots-Tag"] == "noindex, nofollow"


def test_public_robots_are_told_what_is_public(client: Client) -> None:
    answer = client.get("/robots.txt")

    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    rules = answer.content.decode().splitlines()
    assert "Allow: /thu-tuc/" in rules
    assert rules[-1] == "Disallow: /"
    assert "ho-so" not in answer.content.decode()


def test_public_log_that_is_switched_on_has_no_code_visitor_or_referrer() -> None:
    line_format = runpy.run_path(str(CONF))["access_log_format"]
    request = SimpleNamespace(headers=[("REFERER", "https://x/?ma=H12.BI.MAT")])
    environ = {
        "REQUEST_METHOD": "GET",
        "RAW_URI": "/ho-so/H12.BI.MAT/?ma=H12.BI.MAT",
        "PATH_INFO": "/ho-so/H12.BI.MAT/",
        "QUERY_STRING": "ma=H12.BI.MAT",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "203.0.113.5",
        "HTTP_REFERER": "https://x/?ma=H12.BI.MAT",
        "HTTP_USER_AGENT": "Trình duyệt",
    }
    response = SimpleNamespace(status="200 OK", sent=512, headers=[])

    line = line_format % Logger(Config()).atoms(response, request, environ, timedelta(0))

    assert "GET 200 512" in line
    assert not [word for word in ("BI.MAT", "203.0.113.5", "Trình") if word in line]


def test_site_names_are_those_of_the_one_desk_or_of_the_office_above_all(db: None) -> None:
    assert site_names().name == "Một cửa điện tử"
    district = Office.objects.create(
        code="967", name="Huyện Thới Bình", kind="huyện", level="district"
    )
    Office.objects.create(code="1", name="Xã Tân Lộc", level="commune", parent=district)
    assert (site_names().name, site_names().desk) == ("Một cửa điện tử huyện Thới Bình", None)
    Office.objects.filter(pk=district.pk).update(is_hidden=True)
    Office.objects.filter(code="1").update(phone="0290")
    names = site_names()
    assert names.name == "Trung tâm Phục vụ hành chính công xã Tân Lộc"
    assert names.desk is not None
    assert names.desk.phone == "0290"
