"""Forms that another site sends, or a page whose token is not this session's: refused in words."""

import logging

import pytest
from django.test import Client

from tests.cast import Cast
from tests.fuzz.walk import BESIDE, Hostility

TOKENS = (None, "", "x" * 64, "A" * 32, "\x00", "é" * 64)


@pytest.mark.django_db
def test_forged_form_without_this_sessions_token_is_refused_everywhere_and_writes_nothing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.root.manager, "disable", logging.CRITICAL)
    walk = Hostility(cast, seed=0)
    guarded = {who: Client(enforce_csrf_checks=True) for who in walk.clients}
    for who, client in guarded.items():
        client.cookies = walk.clients[who].cookies
    walk.remember()
    posts = [place for place in walk.places_to_go() if place[1] == "POST"]
    for at, (key, _, address, _) in enumerate(posts):
        who = walk.bender.random.choice(walk.who_may(key, "POST"))
        token = TOKENS[at % len(TOKENS)]
        sent = {} if token is None else {"csrfmiddlewaretoken": token}
        answer = guarded[who].post(address, sent)
        if answer.status_code != 405:  # an address that takes no form
            assert answer.status_code == 403, key
            assert "Chưa có gì được lưu" in answer.content.decode(), key
    assert len(posts) > 100
    before = walk.before
    walk.remember()
    changed = {table for table in before if walk.before[table] != before[table]}
    assert not changed - BESIDE
