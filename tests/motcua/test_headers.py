"""What every answer tells the browser, and that no page needs an exception from it."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from motcua.web.headers import POLICY
from tests.cast import PASSWORD, Cast

ROOT = Path(__file__).resolve().parents[2]
SCREENS = [
    path for path in (ROOT / "templates").rglob("*.html")
    if "paper" not in path.parts and not path.name.startswith("paper_")
]  # fmt: skip

pytestmark = pytest.mark.django_db


def test_headers_every_kind_of_answer_carries_every_header(cast: Cast, client: Client) -> None:
    dossier = cast.received()
    visitor = Client()
    client.force_login(cast.clerk)
    administrator = Client()
    administrator.force_login(cast.administrator)
    answers = {
        "page": visitor.get("/"),
        "redirect": visitor.get("/ho-so/"),
        "missing": visitor.get("/khong-co/"),
        "refused": client.get("/ho-so/doi-han/"),
        "form from elsewhere": Client(enforce_csrf_checks=True).post("/dang-nhap/"),
        "desk": client.get("/ban-lam-viec/"),
        "paper": client.get(f"/ho-so/{dossier.code}/phieu-hen.pdf"),
        "file": client.get("/ho-so/danh-sach.csv"),
        "administration": administrator.get("/quan-tri/"),
    }
    assert [a.status_code for a in answers.values()] == [200, 302, 404, 403, 403, *[200] * 4]
    for what, answer in answers.items():
        assert answer["Content-Security-Policy"] == POLICY, what
        assert answer["X-Content-Type-Options"] == "nosniff", what
        assert answer["X-Frame-Options"] == "DENY", what
        assert answer["Referrer-Policy"] == "same-origin", what
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin", what
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin", what
        assert "camera=()" in answer["Permissions-Policy"], what


def test_headers_no_answer_to_who_is_logged_in_is_kept_by_the_browser(
    cast: Cast, client: Client
) -> None:
    dossier = cast.received()
    came = client.post("/dang-nhap/", {"username": "mot-cua", "password": PASSWORD})
    answers = {
        "log-in": came,
        "desk": client.get("/ban-lam-viec/"),
        "dossier": client.get(f"/ho-so/{dossier.code}/"),
        "redirect": client.post("/ho-so/", {"q": dossier.code}),
        "list": client.get("/ho-so/?tim=x"),
        "file": client.get("/ho-so/danh-sach.csv"),
        "paper": client.get(f"/ho-so/{dossier.code}/phieu-hen.pdf"),
        "report": client.get("/bao-cao/"),
        "refused": client.get("/ho-so/doi-han/"),
        "missing": client.get("/ho-so/khong-co/"),
        "wrong method": client.get("/dang-xuat/"),
        "public page": client.get("/thu-tuc/"),
        "too large": client.post("/ho-so/", CONTENT_LENGTH="99999999"),
        "log-out": client.post("/dang-xuat/"),
    }
    assert {answer.status_code for answer in answers.values()} >= {200, 302, 403, 404, 405, 413}
    for what, answer in answers.items():
        assert "no-store" in answer.headers.get("Cache-Control", ""), what


def test_public_page_may_be_kept_for_who_is_not_logged_in(cast: Cast, client: Client) -> None:
    assert "Cache-Control" not in client.get("/thu-tuc/").headers


def test_headers_files_of_the_pages_stay_kept() -> None:
    """WhiteNoise answers further out than what forbids to keep answers."""
    order = settings.MIDDLEWARE
    static = order.index("whitenoise.middleware.WhiteNoiseMiddleware")
    assert static < order.index("motcua.web.headers.kept_by_no_browser")


def test_headers_policy_has_no_hole() -> None:
    rules = dict(rule.split(" ", 1) for rule in POLICY.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["form-action"] == "'self'"
    assert rules["object-src"] == rules["base-uri"] == rules["frame-ancestors"] == "'none'"
    assert not re.search(r"unsafe|\*|https?:|blob:", POLICY)


def test_answer_to_a_look_up_tells_nobody_its_code(cast: Cast, client: Client) -> None:
    answer = client.get("/tra-cuu/", {"ma": cast.received().code})
    assert (answer.status_code, answer["Referrer-Policy"]) == (200, "no-referrer")


def test_headers_fault_carries_the_headers_too(
    cast: Cast, client: Client, settings: object
) -> None:
    settings.ROOT_URLCONF = "tests.motcua.test_privacy"
    client.raise_request_exception = False
    answer = client.post("/hong/", {"phone": "1"})
    assert (answer.status_code, answer["Content-Security-Policy"]) == (500, POLICY)


def test_headers_no_page_has_script_or_style_of_its_own() -> None:
    assert len(SCREENS) > 50
    for path in SCREENS:
        text = path.read_text(encoding="utf-8")
        own = re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=|javascript:", text)
        # A link that a person follows; nothing is fetched from there.
        text = text.replace('<a href="https://www.openstreetmap.org/search?query={{', "")
        foreign = re.search(r"""(src|href|action)=["'](https?:)?//""", text)
        assert not own and not foreign, path


def test_headers_no_style_or_script_of_ours_asks_another_host() -> None:
    for path in [*(ROOT / "static/css").glob("*.css"), *(ROOT / "static/js").glob("*.js")]:
        assert not re.search(r"https?://|url\(.?//", path.read_text()), path.name
    assert finders.find("css/tokens.css")


def test_headers_session_is_out_of_reach_of_scripts_and_other_sites(
    cast: Cast, client: Client
) -> None:
    answer = client.post("/dang-nhap/", {"username": "mot-cua", "password": PASSWORD})
    cookie = answer.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["max-age"], "the session ends with the browser: counters are shared"
