"""Which desk receives a procedure: one rule, in Python and in the database."""

from motcua.models import Office
from procedures.models import Procedure
from procedures.offering import offices_for
from tests.cast import Cast, make_procedure


def test_levels_received_and_receiving_and_offered_by_agree_for_every_desk(cast: Cast) -> None:
    make_procedure("T901", "Của cấp tỉnh", "Đất đai", "province", 5, "working_day")
    Office.objects.filter(code__in=["32065", "32086"]).update(takes_district_procedures=True)
    offices, procedures = list(Office.objects.all()), list(Procedure.objects.all())
    for procedure in procedures:
        received = {o.pk for o in offices if procedure.level in o.levels_received}
        assert {office.pk for office in offices_for(procedure)} == received
        offering = {o.pk for o in offices if procedure in Procedure.objects.offered_by(o)}
        assert offering == received
    assert {office.code for office in offices_for(cast.land)} == {"967", "32065", "32086"}
    assert "967" not in {office.code for office in offices_for(cast.birth)}


def test_offered_by_leaves_out_what_is_closed(cast: Cast) -> None:
    Procedure.objects.filter(pk=cast.birth.pk).update(is_active=False)
    assert cast.birth not in Procedure.objects.offered_by(cast.tan_loc)
