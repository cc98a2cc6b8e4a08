import threading, socket
import pytest
from django.db import connection
from django.conf import settings

def test_cast_stands(cast):
    assert cast.clerk.pk
    print(settings.DATABASES)
@pytest.mark.django_db(transaction=True)
def test_flush(cast):
    cast.received()
@pytest.mark.django_db(transaction=True)
def test_flush2(cast):
    cast.received()
    from dossiers.models import Event
    with pytest.raises(Exception, match="append"):
        connection.cursor().execute("delete from dossiers_event")
def test_out():
    with pytest.raises(AssertionError), socket.socket() as s:
        s.connect(("10.0.0.1", 80))
def test_browser(live_server, page):
    page.goto(live_server.url+"/tro-giup/x")
    print(page.content()[:200])
