"""Liên thông: the next step, where it is done, its share, and who took it in time."""

from datetime import datetime

import pytest

from dossiers.lifecycle import perform, steps
from dossiers.models import Dossier
from procedures.calendar import calendar_for
from procedures.models import ProcedureStep
from tests.cast import Cast, make_staff, vn

pytestmark = pytest.mark.django_db


@pytest.fixture
def inter_office(cast: Cast) -> Dossier:
    """A commune's dossier whose second step is done at the district."""
    version = cast.birth.versions.get()
    for position, (level, department, days) in enumerate(
        [("commune", "Tư pháp - Hộ tịch", 1), ("district", cast.land_division.name, 3)], start=1
    ):
        ProcedureStep.objects.create(
            version=version,
            position=position,
            level=level,
            department=department,
            share_value=days,
            share_unit="working_day",
        )
    return cast.received(
        "2016-03-01T09:00", office=cast.tan_loc, procedure=cast.birth, by=cast.commune_clerk
    )


def test_steps_are_proposed_one_after_the_other(cast: Cast, inter_office: Dossier) -> None:
    first = steps.next_step(inter_office)
    assert first is not None
    ways = steps.Ways([inter_office])
    assert ways.place_of(first, inter_office) == (cast.tan_loc, None)
    perform.forward(
        inter_office,
        by=cast.commune_clerk,
        at=vn("2016-03-01T10:00"),
        office=cast.district,
        step=first,
    )
    second = steps.next_step(inter_office)
    assert second is not None
    assert ways.place_of(second, inter_office) == (cast.district, cast.land_division)


def test_steps_each_hand_over_has_its_share_and_its_own_class(
    cast: Cast, inter_office: Dossier
) -> None:
    step = ProcedureStep.objects.get(position=2)
    perform.forward(
        inter_office,
        by=cast.commune_clerk,
        at=vn("2016-03-01T10:00"),
        division=cast.land_division,
        step=step,
    )
    transfer = inter_office.transfers.get()
    assert transfer.due_at == vn("2016-03-04T17:00")
    assert transfer.timeliness is None
    perform.forward(
        inter_office, by=cast.specialist, at=vn("2016-03-07T08:00"), office=cast.tan_loc
    )
    transfer.refresh_from_db()
    assert transfer.timeliness == "late"


def test_dossier_is_seen_where_it_was_forwarded_and_counted_where_it_came(
    cast: Cast, inter_office: Dossier
) -> None:
    assert not Dossier.objects.visible_to(cast.clerk).exists()
    perform.forward(
        inter_office,
        by=cast.commune_clerk,
        at=vn("2016-03-01T10:00"),
        division=cast.land_division,
    )
    assert Dossier.objects.visible_to(cast.clerk).get() == inter_office
    assert not Dossier.objects.visible_to(cast.other_clerk).exists()
    assert inter_office.office == cast.tan_loc


@pytest.mark.parametrize(
    ("sent", "by"),
    [
        ("2016-03-01T09:00", "2016-03-01T17:00"),
        ("2016-03-01T15:00", "2016-03-01T17:00"),
        ("2016-03-01T15:01", "2016-03-02T11:00"),
        ("2016-03-04T16:00", "2016-03-07T11:00"),
        ("2016-02-05T16:00", "2016-02-15T11:00"),
    ],
)
def test_steps_after_15_00_the_next_working_morning_is_in_time(
    cast: Cast, sent: str, by: str
) -> None:
    calendar = calendar_for(cast.district)
    assert steps.take_over_by(calendar, datetime.fromisoformat(sent)) == datetime.fromisoformat(by)


def test_receiver_confirms_and_lateness_of_that_is_known(cast: Cast, inter_office: Dossier) -> None:
    receiver = make_staff("nhan", cast.district, "specialist")
    perform.forward(
        inter_office,
        by=cast.commune_clerk,
        at=vn("2016-03-01T10:00"),
        division=cast.land_division,
    )
    perform.take_over(inter_office, by=receiver, at=vn("2016-03-02T08:00"))
    transfer = inter_office.transfers.get()
    assert transfer.taken_by == receiver
    assert steps.taken_late(transfer)
    assert perform.take_over(inter_office, by=receiver, at=vn("2016-03-02T09:00")) is None
