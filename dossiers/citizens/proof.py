"""The second proof of a citizen: with the receipt code, the last four digits of an identity or
phone number that was given at receipt, the applicant's or the submitter's.

TT 01/2018/TT-VPCP Điều 16 khoản 2 điểm d gives more than the degree of completion only to who is
authenticated; four digits are a weak proof, so they show nobody's name, and are tried seldom.
"""

import re
from secrets import compare_digest

from django.db import connection

from dossiers.citizens.lookup import BY_CODE, key_of, parameters, place_among
from dossiers.rules.codes import readings
from motcua.web.throttle import MissLimit, count_try

DIGITS = 4
DAY = 24 * 60 * 60
by_address = MissLimit("proof from an address", allowed=20, seconds=60 * 60)
# Four numbers may fit, so ten tries a day open one dossier in 250 days.
by_pair = MissLimit("proof of a code from an address", allowed=10, seconds=DAY, sweeps=False)
# Against trying one code from many addresses: 25 days for one dossier. To close a code to its
# owner takes ten addresses; the 480 tries that each has a day close fewer than five codes.
by_code = MissLimit("proof of a code", allowed=100, seconds=DAY, sweeps=False)

PROOF_COLUMNS = f"""
    SELECT d.id, d.code, d.applicant_id, d.phone, d.submitter_id, d.submitter_phone
      FROM dossiers_dossier d
     WHERE {BY_CODE}
"""  # noqa: S608  (no value stands in it)
NOBODY = (None, "", "", "", "", "")


class TooManyTries(Exception):
    """The code, or the address, was tried too often; `seconds` until it may be tried again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def prove(typed: str, digits: str, address: str) -> int | None:
    """The primary key of the dossier that code and digits open; None when they open none.

    A code that nobody has, wrong digits, and a dossier that was received without any number cost
    the same statements and comparisons. Every try is counted before it is looked at, so that
    tries sent at once do not slip through; one that fits is taken back. An address without a try
    left counts against no code. Raises TooManyTries.
    """
    key = key_of(typed)
    counted = ((by_address, address), (by_pair, f"{address}\n{key}"), (by_code, key))
    wait = count_try(*counted)
    if wait:
        raise TooManyTries(wait)
    with connection.cursor() as cursor:
        cursor.execute(PROOF_COLUMNS, parameters(typed))
        rows = cursor.fetchall()
    keys = readings(typed)
    first = min(rows, key=lambda row: place_among(keys, row[1]), default=NOBODY)
    pk, _code, *numbers = first
    fits = [compare_digest(ending(number), digits) for number in numbers]
    if pk is None or not any(fits):
        return None
    for limit, subject in counted:
        limit.take_back(subject)
    return int(pk)


def ending(number: str) -> str:
    """The last four digits; of a number too short to prove anything, what no digits equal."""
    digits = re.sub(r"[^0-9]", "", number)
    return digits[-DIGITS:] if len(digits) > DIGITS else "none"
