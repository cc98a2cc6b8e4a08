"""What a table of figures is: signed, by whom and when, or a draft, and which offices are missing.

Only stored files are signed bytes; a table that is counted now is said to be signed where all its
offices with a dossier in the period have signed exactly these days and the count is still what
they signed.
"""

from collections.abc import Sequence
from dataclasses import replace

from motcua import clock
from reports.figures.opening_figures import offices_with_dossiers
from reports.models import Closing
from reports.output.drift import drifts
from reports.output.sheets import DRAFT, SIGNED, Sheet
from reports.terms.layouts import LAYOUTS
from reports.terms.periods import Period
from reports.terms.scopes import Scope

NAMED = 30  # offices in a line


def with_status(sheet: Sheet) -> Sheet:
    """The sheet with what it is, where it is one of the tables that offices sign."""
    if sheet.signed is not None or sheet.layout not in LAYOUTS:
        return sheet
    return replace(sheet, status=status_of(sheet.period, sheet.scope))


def status_of(period: Period, scope: Scope) -> tuple[str, ...]:
    """As lines to stand over the table, the first of them the verdict."""
    if period.so_far:
        return (f"{DRAFT}: kỳ chưa kết thúc nên chưa ký chốt.",)
    if ".." in period.key:
        return (f"{DRAFT}: khoảng ngày tự chọn không ký chốt.",)
    closings = _closings(period, scope)
    signing = [office for office in scope.offices if not office.ended_before(period.start)]
    unsigned = [office for office in signing if office.pk not in closings]
    busy = offices_with_dossiers(period, scope) if unsigned else set()
    missing = [office for office in unsigned if office.pk in busy]
    empty = [office for office in unsigned if office.pk not in busy]
    changed = [one.closing for one in drifts(period, scope)]
    signed = [closings[office.pk] for office in scope.offices if office.pk in closings]
    if scope.single is not None:
        return _of_one(signed, changed, is_empty=bool(empty))
    awaited = len(signed) + len(missing)
    if awaited:
        verdict = DRAFT if missing or changed else SIGNED
        which = "đơn vị có hồ sơ" if empty else "đơn vị"
        lines = [f"{verdict}: {len(signed)} trên {awaited} {which} đã ký số liệu của kỳ."]
    else:
        lines = [f"{DRAFT}: chưa đơn vị nào ký số liệu của kỳ."]
    if signed:
        lines.append(f"Đã ký: {_listed([_who(one, with_office=True) for one in signed])}.")
    if missing:
        lines.append(f"Chưa ký: {_listed([office.name for office in missing])}.")
    if empty:
        names = _listed([office.name for office in empty])
        lines.append(f"Không có hồ sơ trong kỳ nên không phải ký: {names}.")
    if changed:
        names = _listed([one.office.name for one in changed])
        lines.append(f"Số đếm lúc này khác số đã ký: {names}.")
    return tuple(lines)


def _of_one(
    signed: Sequence[Closing], changed: Sequence[Closing], *, is_empty: bool
) -> tuple[str, ...]:
    if is_empty:
        return (f"{DRAFT}: đơn vị không có hồ sơ trong kỳ nên không phải ký.",)
    if not signed:
        return (f"{DRAFT}: số liệu của kỳ chưa ký chốt.",)
    if changed:
        return (f"{DRAFT}: số đếm lúc này khác số đã ký chốt ({_who(signed[0])}).",)
    return (f"{SIGNED} (lần {signed[0].version}): {_who(signed[0])}.",)


def _closings(period: Period, scope: Scope) -> dict[int, Closing]:
    """The signed version in force of each office that has one."""
    found = Closing.objects.filter(
        office__in=[office.pk for office in scope.offices],
        period_key=period.key,
        calendar=period.calendar,
        reopening__isnull=True,
    ).select_related("office")
    return {closing.office_id: closing for closing in found.order_by("version")}


def _who(closing: Closing, *, with_office: bool = False) -> str:
    person = ", ".join(filter(None, (closing.signer_name, closing.signer_title)))
    moment = f"{clock.local(closing.signed_at):%H:%M ngày %d/%m/%Y}"
    if with_office:
        return f"{closing.office.name} ({person}, {moment})"
    return f"{person}, ký lúc {moment}"


def _listed(words: Sequence[str]) -> str:
    left = len(words) - NAMED
    shown = "; ".join(words[:NAMED])
    return f"{shown}; và {left} đơn vị khác" if left > 0 else shown
