"""Receipt codes: issued by the system, never typed, unique in the database.

`<identity code>-YYMMDD-NNNN`: the receiving office, the date of receipt, and the office's
serial of that day (NĐ 61/2018 Điều 26; TT 01/2018 Điều 19; TT 03/2025 Điều 13). Serials need
not be free of gaps, but here they are: the counter is raised in the transaction of the act.
"""

from datetime import date

from django.db import connection

from dossiers.rules.codes import SERIAL_DIGITS, code_key, may_be_issued, readings
from motcua.models import Office

PROVISIONAL = "TAM"


def identity_code(office: Office) -> str:
    """The office's identity code, or one derived from its number and visibly provisional.

    Districts and communes of Thới Bình have no published code under H12, so theirs read
    `H12.TAM.967`, `H12.TAM.32.086`: the segment TAM ("tạm") says so.
    """
    if office.identity_code:
        return office.identity_code
    province = office
    while province.parent is not None:
        province = province.parent
    root = province.identity_code or "X00"
    number = office.code.upper()
    parts = [number] if len(number) <= 3 else [number[:-3], number[-3:]]
    return ".".join([root, PROVISIONAL, *parts])


def office_of_code(text: str) -> Office | None:
    """The office whose desk issues codes like this one, by the identity at its beginning; of one
    that has ended, its successor. No dossier is asked for: a code that nobody has been given has an
    office too. None where it is no code, or of an identity that no office or more than one has."""
    key = readings(text)[-1]
    found = {
        office.heir.pk: office.heir
        for office in Office.objects.select_related("parent__parent", "successor")
        if key.startswith(start := code_key(identity_code(office)))
        if may_be_issued(key.removeprefix(start))
    }
    return found.popitem()[1] if len(found) == 1 else None


def next_serial(office: Office, series: str) -> int:
    """Raise the office's counter of the series by one and return it, starting at 1.

    It must run inside the transaction that uses the number.
    """
    return take_serials(office, series, 1)


def take_serials(office: Office, series: str, count: int, above: int = 0) -> int:
    """Take `count` numbers of the series at once, all greater than `above`; the first of them.

    One statement, so no two transactions get the same number on either database. With nothing
    to take the counter only rises to `above`.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO dossiers_serialcounter (office_id, series, last) VALUES (%s, %s, %s)"
            " ON CONFLICT (office_id, series) DO UPDATE SET last ="
            " CASE WHEN dossiers_serialcounter.last < %s THEN %s"
            " ELSE dossiers_serialcounter.last END + %s RETURNING last",
            [office.pk, series, above + count, above, above, count],
        )
        return int(cursor.fetchone()[0]) - count + 1


def issue_receipt_code(office: Office, received_on: date) -> str:
    """The next receipt code of this office for this date of receipt."""
    day = f"{received_on:%y%m%d}"
    return f"{identity_code(office)}-{day}-{next_serial(office, day):0{SERIAL_DIGITS}d}"


def issue_submission_code(office: Office, day: date) -> str:
    """The next code of a submission, not yet a received dossier; its serial begins with N."""
    tail = f"{day:%y%m%d}"
    return f"{identity_code(office)}-{tail}-N{next_serial(office, 'N' + tail):0{SERIAL_DIGITS}d}"


def next_book_number(office: Office, received_on: date) -> int:
    """The continuous number in the office's register book of the year (TT 01/2018 Điều 10.2)."""
    return next_serial(office, f"book-{received_on:%Y}")
