"""What a counter knows before there is a dossier: the sectors it takes, and who solves. Which
procedure is meant stands in `procedure_search`, who was here before in `applicants`."""

from django.db.models import Count, QuerySet

from motcua import clock
from motcua.models import Office
from procedures.models import Procedure, Sector
from procedures.offices.solving import solver_of


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
