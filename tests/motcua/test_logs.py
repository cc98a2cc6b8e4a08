"""Logs as JSON: each request a line with its id, its pattern and its time, and no person in it."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from motcua.environment import Environment
from motcua.operations.logs import JsonLine, NotTooOften
from tests.cast import Cast


def fails(request: HttpRequest, name: str) -> HttpResponse:
    raise ValueError(name)


urlpatterns = [path("hong/<str:name>/", fails), path("", include("motcua.urls"))]


@pytest.fixture
def written(settings) -> Iterator[io.StringIO]:
    settings.MOTCUA_LOG_JSON = True
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLine())
    loggers = [logging.getLogger(name) for name in ("motcua", "django.request")]
    for logger in loggers:
        logger.addHandler(handler)
    yield stream
    for logger in loggers:
        logger.removeHandler(handler)


def lines(stream: io.StringIO) -> list[dict]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_logs_request_is_one_line_without_what_was_asked_for(
    cast: Cast, client: Client, written: io.StringIO
) -> None:
    dossier = cast.received("2016-02-04T09:00")
    client.force_login(cast.clerk)
    answer = client.get(f"/ho-so/{dossier.code}/?ten=Be+Ba")
    (line,) = lines(written)
    assert line["route"] == "ho-so/<code:code>/"
    assert (line["method"], line["status"]) == ("GET", 200)
    assert line["request_id"] == answer["X-Request-ID"]
    assert line["ms"] > 0
    for secret in (dossier.code, "Be+Ba", "127.0.0.1", cast.clerk.username):
        assert secret not in written.getvalue()


def test_logs_fault_belongs_to_its_request_and_quotes_nothing(
    db: None, client: Client, written: io.StringIO, settings
) -> None:
    settings.ROOT_URLCONF = __name__
    client.raise_request_exception = False
    assert client.get("/hong/be-ba/").status_code == 500
    fault, request = lines(written)
    assert fault["level"] == "ERROR"
    assert "test_logs.py" in fault["fault"]
    assert fault["request_id"] == request["request_id"]
    assert request["status"] == 500
    assert "be-ba" not in written.getvalue()


def test_logs_unknown_address_is_not_repeated(
    db: None, client: Client, written: io.StringIO
) -> None:
    client.get("/nguyen-van-an/")
    assert "nguyen-van-an" not in written.getvalue()
    request, told = lines(written)
    assert (request["route"], request["status"]) == (None, 404)
    assert told["message"] == "Not Found: …"
    assert told["request_id"] == request["request_id"]


def test_id_of_ones_own_proxy_is_kept_and_of_nobody_else(
    db: None, client: Client, settings
) -> None:
    given = {"X-Request-ID": "0123456789abcdef"}
    assert client.get("/suc-khoe/gon/", headers=given)["X-Request-ID"] != "0123456789abcdef"
    settings.MOTCUA_PROXIES = 1
    assert client.get("/suc-khoe/gon/", headers=given)["X-Request-ID"] == "0123456789abcdef"
    bad = {"X-Request-ID": '"},{"level":"x'}
    assert client.get("/suc-khoe/gon/", headers=bad)["X-Request-ID"].isalnum()


def test_logs_administrators_are_named_by_the_environment() -> None:
    env = Environment({"MOTCUA_ADMINS": "a@thoibinh.example, b@thoibinh.example"})
    assert env.people("MOTCUA_ADMINS") == [
        "a@thoibinh.example",
        "b@thoibinh.example",
    ]


def test_logs_one_fault_is_mailed_once_in_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter((0, 60, 60, 901))
    monkeypatch.setattr("motcua.operations.logs.time.monotonic", lambda: next(moments))
    passes = NotTooOften(seconds=900).filter

    def record(line: int) -> logging.LogRecord:
        return logging.LogRecord("django.request", 40, "views.py", line, "", (), None)

    assert [passes(record(1)), passes(record(1)), passes(record(2)), passes(record(1))] == [
        True,
        False,
        True,
        True,
    ]
