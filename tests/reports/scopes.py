"""The scopes of a person as they are today, for tests."""

from motcua import clock
from motcua.models import Staff
from reports.figures.offices import offices_for
from reports.terms.periods import containing
from reports.terms.scopes import Scope


def scopes_for(staff: Staff) -> list[Scope]:
    offices, today = offices_for(staff), clock.today()
    return offices.scopes(containing(today).told_on(today)) if offices else []
