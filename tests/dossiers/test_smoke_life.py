import pytest
from dossiers import lifecycle
from dossiers.models import *
from tests.cast import vn
pytestmark = pytest.mark.django_db

def test_life(cast):
    d = cast.received()
    assert d.code == "H12.TAM.967-160204-0001"
    assert d.due_on.isoformat() == "2016-02-25"
    lifecycle.forward(d, by=cast.clerk, at=vn("2016-02-04T10:00"), division=cast.land_division)
    lifecycle.take_over(d, by=cast.specialist, at=vn("2016-02-05T07:30"))
    lifecycle.ask_supplement(d, by=cast.specialist, at=vn("2016-02-15T08:00"), items="a\nb", reason="thiếu")
    assert d.state == 5
    lifecycle.receive_supplement(d, by=cast.clerk, at=vn("2016-02-18T08:00"))
    assert d.due_on.isoformat() == "2016-03-01", d.due_on
    e = lifecycle.resolve(d, by=cast.specialist, at=vn("2016-02-29T08:00"), outcome="approved")
    assert d.timeliness == "early"
    lifecycle.revert(d, by=cast.leader, reason="nhầm", at=vn("2016-02-29T09:00"))
    assert d.state == 4 and d.resolved_on is None and d.timeliness == "" and d.holder_division == cast.land_division
    lifecycle.resolve(d, by=cast.specialist, at=vn("2016-03-01T08:00"), outcome="approved")
    assert d.timeliness == "on_time"
    lifecycle.hand_over(d, by=cast.clerk, at=vn("2016-03-03T08:00"), collector_name="A")
    lifecycle.correct(d, by=cast.clerk, reason="sai ngày", received_at=vn("2016-02-01T09:00"), at=vn("2016-03-04T09:00"))
    print(d.due_on, d.timeliness, d.events.last().changes)
