"""Every address of the site with hostile input: no fault of the server, no partial write.

A new address is walked without being named here; what its page offers is read from the page.
`FUZZ_INPUTS=100000 pytest tests/fuzz` goes deeper.
"""

import logging

import pytest
import weasyprint

from tests.cast import make_cast
from tests.fuzz.hostile import INPUTS, SEED
from tests.fuzz.walk import Hostility
from tests.test_who_may_what import NoPrinter

BATCHES = 4


# A moment typed into a filter of the administration is local time; Django only remarks on it.
@pytest.mark.filterwarnings("ignore:DateTimeField .* received a naive datetime:RuntimeWarning")
@pytest.mark.django_db
@pytest.mark.parametrize("batch", range(BATCHES))
def test_addresses_no_input_breaks_an_address_or_is_written_in_part(
    batch: int, monkeypatch: pytest.MonkeyPatch, settings
) -> None:
    settings.JOB_COMMAND = ["true"]  # a book is asked for, nobody waits for it
    monkeypatch.setattr(weasyprint, "HTML", NoPrinter)
    monkeypatch.setattr(logging.root.manager, "disable", logging.CRITICAL)
    walk = Hostility(make_cast(), seed=BATCHES * SEED + batch)
    walk.remember()
    places = list(walk.places_to_go())[batch::BATCHES]
    while walk.sent < INPUTS // BATCHES:
        for place in places:
            walk.attack(*place)
    assert not walk.wrong, f"{len(walk.wrong)} wrong:\n" + "\n".join(walk.wrong)
