"""What a counter knows before there is a dossier: the sectors it takes, who solves, and the
applicants who were here before. Which procedure is meant stands in `procedure_search`."""

from django.db.models import Count, QuerySet

from dossiers.models import Dossier
from motcua import clock
from motcua.models import Office, Staff
from procedures.models import Procedure, Sector
from procedures.offices.solving import solver_of

APPLICANT_FIELDS = (
    "applicant_kind",
    "applicant_id_kind",
    "applicant_name",
    "phone",
    "email",
    "address",
)


def sectors_of(office: Office) -> QuerySet[Sector]:
    """The sectors in which this desk takes procedures, with `offered`, how many; the
    largest first."""
    offered = Procedure.objects.offered_by(office)
    return (
        Sector.objects.filter(procedures__in=offered)
        .annotate(offered=Count("procedures"))
        .order_by("-offered", "sort_key")
    )


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
