"""Dossiers found by what was typed, scanned or copied at the desk."""

from collections.abc import Sequence

from django.db.models import Case, Q, When
from django.db.models.expressions import OrderBy
from django.db.models.functions import Length

from dossiers.models import Dossier, DossierQuerySet
from dossiers.rules.codes import readings
from motcua.text import fold, tidy


def of_code(dossiers: DossierQuerySet, text: str) -> Dossier | None:
    """The dossier of these whose code this is, read as `readings` does."""
    keys = readings(text)
    if not keys[0]:
        return None
    has_key = Q(code_key__in=keys) | Q(submission_key__in=keys) & ~Q(submission_key="")
    found = list(dossiers.filter(has_key).only("code", "code_key", "submission_key"))
    return min(found, key=lambda dossier: _place(dossier, keys), default=None)


def exact_name_first(
    dossiers: DossierQuerySet, name: str, order: Sequence[str | OrderBy]
) -> DossierQuerySet:
    """In this order, behind those whose applicant has exactly this name: first with the same tones
    and marks, then without."""
    typed, whole = fold(name), tidy(name)
    # Databases differ in what they know as the small letter of Ứ, so the usual ways are named.
    ways = {whole, whole.title(), whole.upper(), whole.lower()}
    # The key begins with the name, and folding a name keeps its length.
    is_exact = Q(search_key__startswith=typed, name_length=len(typed))
    return dossiers.annotate(name_length=Length("applicant_name")).order_by(
        Case(When(applicant_name__in=ways, then=0), When(is_exact, then=1), default=2), *order
    )


def _place(dossier: Dossier, keys: Sequence[str]) -> int:
    """How early among the readings one of the dossier's codes stands."""
    return min(keys.index(key) for key in (dossier.code_key, dossier.submission_key) if key in keys)
