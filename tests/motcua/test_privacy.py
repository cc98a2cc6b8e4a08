"""No name, phone or identity number in a log, a mail to the operator, or an address."""

import io
import logging
from collections.abc import Iterator

import pytest
from django.core import mail
from django.db import IntegrityError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from motcua.environment import as_admins
from motcua.operations.privacy import FaultMail
from tests.cast import Cast
from tests.dossiers.counter_pages import typed

NAME, PHONE, NUMBER = "Huỳnh Thị Bé Ba", "0913555777", "381999888"
CODE = "H12.TAM.967-160105-0001"
SECRETS = (NAME, "Bé Ba", PHONE, NUMBER)


def fails(request: HttpRequest) -> HttpResponse:
    """A fault that quotes what was typed, led to by another that does."""
    phone = request.POST["phone"]
    try:
        int(f"số {phone}")
    except ValueError as error:
        raise IntegrityError(f"DETAIL: Key (phone)=({phone}) of {NAME} exists.") from error
    return HttpResponse()


urlpatterns = [path("hong/", fails), path("", include("motcua.urls"))]


@pytest.fixture
def log(settings: object) -> Iterator[io.StringIO]:
    """What the program's own handlers, as the settings lay them, write."""
    written = io.StringIO()
    laid = {*logging.getLogger("django").handlers, *logging.getLogger().handlers}
    streams = {
        handler: handler.setStream(written)
        for handler in laid
        if type(handler) is logging.StreamHandler
    }
    assert streams
    yield written
    for handler, stream in streams.items():
        handler.setStream(stream)


@pytest.mark.django_db
def test_privacy_nobody_stands_in_a_log(
    cast: Cast, client: Client, log: io.StringIO, settings: object
) -> None:
    settings.ROOT_URLCONF = __name__
    client.force_login(cast.clerk)
    client.raise_request_exception = False
    person = {"applicant_name": NAME, "phone": PHONE, "applicant_id": NUMBER}
    dossier = cast.received(**person)
    addresses = []

    client.post("/ho-so/tiep-nhan/?thu-tuc=H901", typed(cast.land, **person))
    for words in person.values():
        addresses.append(client.post("/ho-so/", {"q": words})["Location"])
    client.get(f"/ho-so/{dossier.code}/")
    client.get(f"/ho-so/{dossier.code}/phieu-hen.pdf")
    client.post(f"/ho-so/{dossier.code}/phieu-hen.pdf")
    client.get(f"/ho-so/{dossier.code}/phieu-tu-choi.pdf")
    client.post(f"/ho-so/{dossier.code}/viec/decline/", {"reason": NAME})
    answer = client.post("/hong/", person)

    assert answer.status_code == 500
    assert "Hệ thống gặp lỗi" in answer.content.decode()
    written = log.getvalue()
    assert "Internal Server Error: …" in written
    assert "IntegrityError" in written and "ValueError" in written and "test_privacy.py" in written
    for text in (written, *addresses):
        assert not [secret for secret in SECRETS if secret in text]


@pytest.mark.parametrize("as_html", [True, False])
def test_privacy_mail_to_the_operator_says_where_and_not_whom(
    settings: object, as_html: bool
) -> None:
    settings.ADMINS = as_admins(["quan-tri@example.vn"])
    request = Client().post("/tra-cuu/", {"phone": PHONE, "applicant_name": NAME}).wsgi_request
    request.COOKIES["ten"] = NUMBER
    try:
        fails(request)
    except IntegrityError as error:
        record = logging.LogRecord(
            "django.request", logging.ERROR, "", 0, "Internal Server Error: %s",
            (f"/ho-so/{CODE}/",), (type(error), error, error.__traceback__),
        )  # fmt: skip
    record.request = request
    FaultMail(include_html=as_html).emit(record)

    (message,) = mail.outbox
    whole = message.message().as_string() + message.body + str(message.alternatives)
    assert message.subject == "[Một cửa] chương trình gặp lỗi, xem nơi xảy ra trong thư"
    assert "test_privacy.py" in whole and "IntegrityError" in whole
    assert not [secret for secret in (*SECRETS, CODE) if secret in whole]


@pytest.mark.django_db
def test_privacy_page_that_is_refused_leaves_no_receipt_code_in_the_log(
    cast: Cast, log: io.StringIO
) -> None:
    answers = [Client().post(address).status_code for address in (f"/tra-cuu/{CODE}/", "/")]
    assert answers == [404, 405]
    assert "Not Found" in log.getvalue() and "Method Not Allowed (POST)" in log.getvalue()
    assert CODE not in log.getvalue()


@pytest.mark.django_db
def test_database_that_quotes_a_row_is_not_quoted(cast: Cast, log: io.StringIO) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT CAST(%s AS integer) / nothing_here", [PHONE])
    except Exception:
        logging.getLogger("motcua").exception("Không ghi được")
    assert "Không ghi được" in log.getvalue()
    assert PHONE not in log.getvalue()
