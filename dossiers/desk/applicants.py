"""Who was here before: found by number, telephone or the first letters of a name, so that the next
intake need not ask for what is known. Of the dossiers that exist for the clerk alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Q

from dossiers.desk.readings import record_looks
from dossiers.models import Dossier
from dossiers.models.places import ELSEWHERE
from dossiers.rules.personal_numbers import NumberRefused, read_telephone
from motcua import clock
from motcua.access import offices_visible_to
from motcua.models import Staff
from motcua.text import fold

FIELDS = (
    "applicant_kind",
    "applicant_id_kind",
    "applicant_id",
    "applicant_name",
    "phone",
    "email",
    "address",
)
MOST = 5
"""People offered at once."""
FEWEST_LETTERS = 3
_ROWS = 60
_HIDDEN = 4


@dataclass(frozen=True)
class Known:
    """Somebody to choose from; of the number only as much is shown as tells two people apart.
    `code` is the newest dossier."""

    code: str
    name: str
    paper: str
    address: str
    day: date


@dataclass(frozen=True)
class KnownPeople:
    """At most `MOST` of them; `has_more` asks for more letters."""

    people: list[Known]
    has_more: bool


NOBODY = KnownPeople([], has_more=False)


def earlier_dossier(clerk: Staff, number: str) -> Dossier | None:
    """The newest dossier with this applicant number that exists for the clerk."""
    if not number:
        return None
    return Dossier.objects.visible_to(clerk).filter(applicant_id=number).order_by("-pk").first()


def dossier_of(clerk: Staff, code: str) -> Dossier | None:
    """The dossier of this code that exists for the clerk."""
    return Dossier.objects.visible_to(clerk).filter(code=code).first()


def applicant_fields(dossier: Dossier) -> dict[str, str]:
    """The applicant, under the names of the intake's fields."""
    return {name: getattr(dossier, name) for name in FIELDS}


def people_with_telephone(clerk: Staff, typed: str) -> KnownPeople:
    """Applicants with exactly this telephone; who is shown is recorded as read."""
    try:
        phone = read_telephone(typed).value
    except NumberRefused:
        return NOBODY
    # The index leaves the many without a telephone out, and has to be told so.
    of_phone = Dossier.objects.filter(~Q(phone=""), phone=phone).order_by("-pk")
    return _shown(clerk, of_phone.values_list("pk", flat=True)[:_ROWS])


def people_named(clerk: Staff, typed: str) -> KnownPeople:
    """Applicants whose name begins so, tones and case aside, of dossiers that the offices of the
    clerk solve or received; who is shown is recorded as read.

    Two short pieces of an index each, whatever there is in all.
    """
    name = fold(typed)
    if len(name.replace(" ", "")) < FEWEST_LETTERS:
        return NOBODY
    offices = list(offices_visible_to(clerk).values_list("pk", flat=True))
    named = Dossier.objects.filter(_begins_with(name)).order_by("search_key")
    here = named.filter(office__in=offices).values_list("pk", flat=True)
    elsewhere = named.filter(ELSEWHERE, receiver__in=offices).values_list("pk", flat=True)
    return _shown(clerk, [*here[:_ROWS], *elsewhere[:_ROWS]])


def _begins_with(key: str) -> Q:
    """The condition as each database finds it by the index of office and name: SQLite's LIKE reads
    every name, PostgreSQL orders texts by its own language."""
    if connection.vendor == "postgresql":
        return Q(search_key__startswith=key)
    return Q(search_key__gte=key, search_key__lt=f"{key}\U0010ffff")


def _shown(clerk: Staff, keys: Iterable[int]) -> KnownPeople:
    """The people of these dossiers, each once with the newest, by name."""
    keys = list(keys)
    if not keys:
        return NOBODY
    newest: dict[object, Dossier] = {}
    for dossier in Dossier.objects.visible_to(clerk).filter(pk__in=keys).order_by("-pk"):
        newest.setdefault(_who(dossier), dossier)
    people = sorted(newest.values(), key=lambda one: (one.search_key, -one.pk))
    record_looks([dossier.pk for dossier in people[:MOST]], by=clerk)
    has_more = len(people) > MOST or len(keys) >= _ROWS
    return KnownPeople([_known(dossier) for dossier in people[:MOST]], has_more)


def _who(dossier: Dossier) -> object:
    """What makes two dossiers those of one person: the number, otherwise all that is known."""
    if dossier.applicant_id:
        return dossier.applicant_id
    return fold(dossier.applicant_name), dossier.phone, fold(dossier.address)


def _known(dossier: Dossier) -> Known:
    number = dossier.applicant_id
    hidden = f"{number[:-_HIDDEN]}{'•' * _HIDDEN}"
    return Known(
        code=dossier.code,
        name=dossier.applicant_name,
        paper=f"{dossier.applicant_paper} {hidden}" if number else "không ghi số giấy tờ",
        address=dossier.address,
        day=clock.local(dossier.submitted_at).date(),
    )
