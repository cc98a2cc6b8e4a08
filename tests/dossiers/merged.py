"""The real merger of Huyện Thới Bình on 1/7/2025, for the tests: the district and its twelve
communes with a clerk, a leader and dossiers on both sides of the day."""

from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command

from dossiers.lifecycle import perform
from dossiers.merging.files import EXAMPLE
from dossiers.models import Dossier, Merger
from motcua.models import Division, Office, Staff
from tests.cast import Cast, make_staff, vn

DISTRICT_ENDS = "967,Huyện Thới Bình,,,2025-07-01\n"
HEADER = "old_code,old_name,new_code,new_name,on\n"
COMMUNES = (
    *("32065", "32068", "32069", "32071", "32072", "32074"),
    *("32077", "32080", "32083", "32086", "32089", "32092"),
)


def whole_file() -> str:
    """The communes' lines and the district's."""
    return EXAMPLE.read_text(encoding="utf-8").rstrip("\n") + "\n" + DISTRICT_ENDS


def run(path: Path, text: str | bytes, *options: str) -> str:
    """`merge_offices` on a file of this content; what it wrote. Raises CommandError."""
    file = path / "merger.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    out = StringIO()
    call_command("merge_offices", str(file), *options, stdout=out, stderr=out)
    return out.getvalue()


def office(code: str, day: str = "2025-07-01") -> Office:
    """Who bears the code on the day."""
    found = Office.objects.coded(code, vn(f"{day}T12:00").date())
    assert found is not None, code
    return found


@dataclass
class Lives:
    """Who worked in the twelve communes, and their dossiers, by the code of the commune."""

    cast: Cast
    clerks: dict[str, Staff] = field(default_factory=dict)
    leaders: dict[str, Staff] = field(default_factory=dict)
    civil: dict[str, Division] = field(default_factory=dict)
    ended: dict[str, Dossier] = field(default_factory=dict)
    at_the_desk: dict[str, Dossier] = field(default_factory=dict)
    in_division: dict[str, Dossier] = field(default_factory=dict)

    def received(self, code: str, at: str, **fields: Any) -> Dossier:
        return self.cast.received(
            at,
            office=Office.objects.get(code=code, exists_until__isnull=True),
            procedure=fields.pop("procedure", self.cast.birth),
            by=self.clerks[code],
            **fields,
        )


def make_lives(cast: Cast) -> Lives:
    """Each commune has one dossier that ended, one at its desk and one in its division; and two
    places of the same names."""
    lives = Lives(cast)
    for code in COMMUNES:
        commune = Office.objects.get(code=code)
        lives.civil[code] = Division.objects.create(office=commune, name="Tư pháp - Hộ tịch")
        Division.objects.create(office=commune, name=f"Lãnh đạo {code}", is_leaders=True)
        lives.clerks[code] = make_staff(
            f"canbo.{code}", commune, "clerk", "specialist", division=lives.civil[code]
        )
        lives.leaders[code] = make_staff(f"lanhdao.{code}", commune, "leader")
        lives.ended[code] = done = lives.received(code, "2025-05-05T08:00")
        perform.resolve(done, by=lives.clerks[code], at=vn("2025-05-08T09:00"), outcome="approved")
        perform.hand_over(
            done, by=lives.clerks[code], at=vn("2025-05-09T09:00"), collector_name="Nguyễn Văn Ân"
        )
        lives.at_the_desk[code] = lives.received(code, "2025-06-26T09:00")
        lives.in_division[code] = held = lives.received(code, "2025-06-27T09:00")
        perform.forward(
            held, by=lives.clerks[code], at=vn("2025-06-27T10:00"), division=lives.civil[code]
        )
    return lives


def the_merger() -> Merger:
    return Merger.objects.get(undone_at__isnull=True)
