"""What a counter knows before there is a dossier: the procedures it takes, and which of them
this clerk takes most; the applicants who were here before."""

from datetime import timedelta

from django.db.models import Count, Q, QuerySet

from dossiers.models import Dossier
from motcua import clock
from motcua.models import Office, Staff
from motcua.text import fold
from procedures.models import Procedure, Sector
from procedures.offering import ProcedureOnDay, with_versions
from procedures.offices.solving import solver_of

LATELY = timedelta(days=90)
MOST_USED = 6
SUGGESTIONS = 12
APPLICANT_FIELDS = (
    "applicant_kind",
    "applicant_id_kind",
    "applicant_name",
    "phone",
    "email",
    "address",
)


def procedures_in(office: Office, sector: int) -> list[ProcedureOnDay]:
    """The procedures of a sector that this desk takes."""
    return _as_of_today(Procedure.objects.offered_by(office).filter(sector=sector))


def _as_of_today(procedures: QuerySet[Procedure]) -> list[ProcedureOnDay]:
    return with_versions(procedures.select_related("sector"), clock.today())


def _chosen(office: Office, keys: list[int]) -> list[ProcedureOnDay]:
    """The procedures of this desk that have these keys, in their order."""
    found = _as_of_today(Procedure.objects.offered_by(office).filter(pk__in=keys))
    known = {one.procedure.pk: one for one in found}
    return [known[key] for key in keys if key in known]


def find_procedures(office: Office, text: str) -> list[ProcedureOnDay]:
    """The best answers to a few typed letters, the likeliest first.

    A name that begins with the text comes before one that holds it as it was typed, and that
    before one that only holds its words; shorter names first.
    """
    typed = fold(text)

    def rank(procedure: Procedure) -> tuple[bool, bool, int, str]:
        name = fold(procedure.name)
        return (not name.startswith(typed), typed not in name, len(name), name)

    found = Procedure.objects.offered_by(office).search(text)
    return _chosen(office, [procedure.pk for procedure in sorted(found, key=rank)[:SUGGESTIONS]])


def sectors_of(office: Office) -> QuerySet[Sector]:
    """The sectors in which this desk takes procedures, with `offered`, how many."""
    offered = Procedure.objects.offered_by(office)
    return (
        Sector.objects.filter(procedures__in=offered)
        .annotate(offered=Count("procedures"))
        .order_by("sort_key")
    )


def most_used(clerk: Staff, office: Office) -> list[ProcedureOnDay]:
    """What this clerk took in most in the last 90 days, then what the whole desk did."""
    counts = (
        Dossier.objects.filter(receiver=office, received_on__gte=clock.today() - LATELY)
        .order_by()
        .values("procedure")
        .annotate(mine=Count("pk", filter=Q(created_by=clerk)), of_desk=Count("pk"))
        .order_by("-mine", "-of_desk", "procedure")[:MOST_USED]
    )
    return _chosen(office, [row["procedure"] for row in counts])


def solved_by(procedure: Procedure, solver: Office, office: Office) -> str:
    """The division that will solve what is received today, with its office where that is another
    one than the desk's; empty where nobody says."""
    words = solver_of(procedure, procedure.version_on(clock.today()), solver).words
    return f"{words}, {solver}" if words and solver != office else words


def earlier_dossier(clerk: Staff, number: str) -> Dossier | None:
    """The newest dossier with this applicant number that exists for the clerk."""
    if not number:
        return None
    return Dossier.objects.visible_to(clerk).filter(applicant_id=number).order_by("-pk").first()


def applicant_fields(dossier: Dossier) -> dict[str, str]:
    """The applicant, under the names of the intake's fields."""
    return {name: getattr(dossier, name) for name in APPLICANT_FIELDS}
