"""Old registers and workbooks, damaged in every way: all of a file is taken in, or nothing."""

import csv
import io
import zipfile
from random import Random

import pytest
from openpyxl import Workbook

from dossiers.models import Dossier
from dossiers.old_register.importer import Refused, take_in
from dossiers.old_register.lines import COLUMNS, read
from motcua.tables.problems import UnreadableFile
from tests.cast import Cast
from tests.fuzz.hostile import ALL, HUGE

WORKBOOKS = 600
REGISTERS = 200
SENT = WORKBOOKS + REGISTERS
LAUGHS = '<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "{}"><!ENTITY c "{}"><!ENTITY d "{}">]>'.format(
    "&a;" * 100, "&b;" * 100, "&c;" * 100
)


def good_line(cast: Cast, name: str) -> dict[str, str]:
    return {
        "office_code": cast.district.code,
        "procedure_id": "H901",
        "applicant_name": name,
        "channel": "direct",
        "received_at": "04/08/2016 08:10",
    }


def as_csv(lines: list[dict[str, str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue().encode("utf-8", "replace")


def as_xlsx(lines: list[dict[str, str]]) -> bytes:
    book = Workbook()
    book.active.append(COLUMNS)
    for line in lines:
        book.active.append([line.get(column, "") for column in COLUMNS])
    book.save(made := io.BytesIO())
    return made.getvalue()


def damaged(content: bytes, random: Random) -> bytes:
    """The workbook with bytes changed, or with one of its parts changed and packed anew."""
    if random.random() < 0.3:
        return scratched(content, random)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    name = random.choice(list(parts))
    fate = random.random()
    if fate < 0.15:
        del parts[name]
    elif fate < 0.3:
        parts[name] = parts[random.choice(list(parts))]
    elif fate < 0.5:
        head, mark, rest = parts[name].partition(b"?>")
        parts[name] = (head + mark + LAUGHS.encode() + rest).replace(b"Lan", b"&d;")
    elif fate < 0.7:
        parts[name] = parts[name].replace(b"<row", b"<row" * random.choice((2, 3_000)))
    else:
        parts[name] = scratched(parts[name], random)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for part, inside in parts.items():
            packed.writestr(part, inside)
    return made.getvalue()


def scratched(content: bytes, random: Random) -> bytes:
    scratches = bytearray(content)
    for _ in range(random.choice((1, 1, 5, 60))):
        at = random.randrange(len(scratches))
        scratches[at : at + random.choice((0, 1, 9))] = random.choice(
            (b"", b"\x00", b"\xff\xff\xff\xff", b"<", b"99999999999", random.randbytes(4))
        )
    return bytes(scratches)


@pytest.mark.pure
def test_damaged_workbook_is_read_or_refused_in_words() -> None:
    random = Random(5)
    whole = as_xlsx([{"applicant_name": "Lan", "received_at": "04/08/2025"}] * 3)
    for _ in range(WORKBOOKS):
        try:
            lines = read(damaged(whole, random))
        except UnreadableFile as refused:
            assert str(refused)
        else:
            assert all(len(line.text("applicant_name")) < 10_000 for line in lines)


def test_register_of_any_cells_is_taken_in_whole_or_refused_line_by_line(cast: Cast) -> None:
    random = Random(9)
    taken = 0
    for at in range(REGISTERS):
        lines = [good_line(cast, f"Người {at} {line}") for line in "abc"]
        for _ in range(random.choice((0, 1, 1, 4))):
            value = HUGE[:40_000] if random.random() < 0.02 else random.choice(ALL)
            random.choice(lines)[random.choice(COLUMNS)] = value
        try:
            take_in(read(as_csv(lines)), accept_doubtful=True)
        except (UnreadableFile, Refused) as refused:
            assert str(refused) or refused.problems
        else:
            taken += 3
        assert Dossier.objects.count() == taken
    assert 0 < taken < 3 * REGISTERS
