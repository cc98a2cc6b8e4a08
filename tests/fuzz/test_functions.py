"""What reads text that people typed: any text gives a value or a sentence, nothing else."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dossiers.rules.codes import code_key
from motcua.accounts import resend
from motcua.text import alphabetical, fold, no_formula, tidy
from motcua.web import uploads
from motcua.web.throttle import MissLimit
from reports.terms.periods import parse_period
from tests.fuzz import test_commands, test_files, test_forms
from tests.fuzz.hostile import ALL, IN_SUITE

pytestmark = pytest.mark.pure
TEXTS_READ = 800
anything = st.text(st.characters(codec=None), max_size=80) | st.sampled_from(ALL)
period_like = st.from_regex(re.compile(r"\A\d{1,5}(-(Q\d|\dM|\d\d-\d\d(\.\.[\d-]{0,11})?))?\Z"))


def folded(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def period(text: str) -> None:
    try:
        found = parse_period(text)
    except ValueError as refused:
        assert str(refused)
    else:
        assert found.start <= found.end


def named(text: str) -> None:
    name = uploads.shown_name(text)
    assert 0 < len(name) <= uploads.LONGEST_NAME
    assert "/" not in name and "\x00" not in name


def digested(text: str) -> None:
    assert re.fullmatch(r"thử: \d+", MissLimit("thử", allowed=1, seconds=1).key_of(text))


def carried(text: str) -> None:
    """What a log-in page carries along: the words themselves, and a sound form around them."""
    resend.read(text)
    for path in (text, [text], None):
        resend.read(json.dumps({"path": path, "fields": [[text, "1"], ["a", text]]}))


def harmless(text: str) -> None:
    assert not no_formula(text).lstrip().startswith(("=", "+", "@"))


READERS: tuple[Callable[[str], Any], ...] = (
    folded,
    period,
    named,
    digested,
    harmless,
    alphabetical,
    tidy,
    code_key,
    carried,
)


@settings(max_examples=TEXTS_READ, derandomize=True, database=None)
@given(anything | period_like)
def test_functions_any_text_is_read_or_refused_in_words(text: str) -> None:
    for reader in READERS:
        reader(text)


SENT = TEXTS_READ * len(READERS)


def test_functions_and_forms_get_ten_thousand_inputs_in_every_run() -> None:
    rooms = (test_forms.SENT, test_commands.SENT, test_files.SENT, SENT)
    assert IN_SUITE + sum(rooms) > 15_000
    assert IN_SUITE + sum(rooms) - SENT > 10_000, "also without what no request reaches"
