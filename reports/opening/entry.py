"""Entering opening figures: who may, what is refused and why. The rows are append-only."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.db import transaction

from motcua import clock
from motcua.access import offices_administered_by, offices_visible_to
from motcua.models import Office, OfficeQuerySet, Role, Staff
from procedures.models import Sector
from reports.figures.opening_figures import Span, remainders_of
from reports.models import REMARK_LENGTH, OpeningFigures
from reports.terms.columns import BASE, add_sums, faults, nothing

ONE_DAY = timedelta(days=1)


class CannotEnter(Exception):
    """Why these figures are not taken, as Vietnamese sentences."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


def offices_readable_by(staff: Staff) -> OfficeQuerySet:
    """Whose opening figures exist for this person: those of the scope and, for an administrator,
    of the offices administered."""
    seen = offices_visible_to(staff) | offices_administered_by(staff)
    return seen.with_desk().distinct()


def may_enter(staff: Staff, office: Office) -> bool:
    """The leader of the office itself, or who administers it."""
    if not staff.is_active:
        return False
    if staff.office_id == office.pk and staff.has_role(Role.LEADER):
        return True
    return offices_administered_by(staff).filter(pk=office.pk).exists()


@transaction.atomic
def enter(
    office: Office,
    sector: Sector,
    span: Span,
    figures: Mapping[str, int],
    *,
    by: Staff,
    reason: str = "",
    seen: int = 0,
) -> OpeningFigures:
    """Keep the totals of a sector for these days, both included, as the next version.

    `figures` has the columns of BASE; `seen` is the version that stood on the page, 0 for none.
    Raises CannotEnter when they do not add up, when the days are not over, overlap or do not
    adjoin the office's other opening figures, when a carried number is not what the
    neighbouring totals leave, when the program counts more dossiers by itself, when somebody
    was quicker, or for a change without a reason. The same again from the same person returns
    what was entered the first time. The caller has asked `may_enter`.
    """
    Office.objects.select_for_update().get(pk=office.pk)
    latest = _latest(office, sector, span)
    row = add_sums(nothing() | {name: figures.get(name, 0) for name in BASE})
    kept = {name: row[name] for name in BASE}
    if latest is not None and _is_again(latest, by, seen, (kept, reason.strip(), False)):
        return latest
    _demand_fresh(latest, seen)
    if latest is not None and not latest.is_withdrawn and not reason.strip():
        raise CannotEnter("Hãy ghi lý do sửa số đã nhập.")
    wrong = [f"Số không khớp: {fault}." for fault in faults(row)] or [
        *_wrong_days(office, span),
        *_unlike_neighbours(office, sector, span, row),
    ]
    if wrong:
        raise CannotEnter(*wrong)
    entry = OpeningFigures(
        office=office,
        sector=sector,
        starts_on=span[0],
        ends_on=span[1],
        version=latest.version + 1 if latest else 1,
        figures=kept,
        reason=reason.strip(),
        entered_by=by,
        entered_at=clock.now(),
    )
    (remainder,) = remainders_of([entry])
    if remainder.clashes:
        raise CannotEnter(
            "Số nhập tay là tổng của mọi hồ sơ trong thời gian đó, kể cả hồ sơ đã có trong chương "
            f"trình, nên không thể ít hơn. {'; '.join(remainder.clashes).capitalize()}."
        )
    entry.save()
    return entry


@transaction.atomic
def withdraw(entry: OpeningFigures, *, by: Staff, reason: str) -> OpeningFigures:
    """Take the totals out of every table; they stay readable. Raises CannotEnter without a reason,
    for one that is too long, or when they are no longer the last word; the same again from the same
    person returns the first. The caller has asked `may_enter`."""
    if not reason.strip():
        raise CannotEnter("Hãy ghi lý do bỏ số đã nhập.")
    if len(reason) > REMARK_LENGTH:
        raise CannotEnter(f"Lý do không quá {REMARK_LENGTH} ký tự (đang có {len(reason)}).")
    Office.objects.select_for_update().get(pk=entry.office_id)
    span = (entry.starts_on, entry.ends_on)
    latest = _latest(entry.office, entry.sector, span)
    if latest is not None and _is_again(
        latest, by, entry.version, (entry.figures, reason.strip(), True)
    ):
        return latest
    _demand_fresh(latest, entry.version)
    if entry.is_withdrawn:
        raise CannotEnter("Số này đã được bỏ trước đó.")
    return OpeningFigures.objects.create(
        office=entry.office,
        sector=entry.sector,
        starts_on=entry.starts_on,
        ends_on=entry.ends_on,
        version=entry.version + 1,
        figures=entry.figures,
        is_withdrawn=True,
        reason=reason.strip(),
        entered_by=by,
        entered_at=clock.now(),
    )


def _latest(office: Office, sector: Sector, span: Span) -> OpeningFigures | None:
    rows = OpeningFigures.objects.filter(
        office=office, sector=sector, starts_on=span[0], ends_on=span[1]
    )
    return rows.order_by("version").last()


def _is_again(
    latest: OpeningFigures, by: Staff, seen: int, said: tuple[dict[str, int], str, bool]
) -> bool:
    """Whether the last word is what this form says: it was sent twice."""
    return (
        latest.entered_by_id == by.pk
        and seen in (0, latest.version - 1)
        and said == (latest.figures, latest.reason, latest.is_withdrawn)
    )


def _demand_fresh(latest: OpeningFigures | None, seen: int) -> None:
    if (latest.version if latest else 0) == seen or (seen == 0 and latest and latest.is_withdrawn):
        return
    raise CannotEnter(
        "Lĩnh vực này trong thời gian này đã có số nhập tay, hoặc vừa có người sửa. Mời mở lại "
        "danh sách rồi sửa dòng đó."
    )


def _wrong_days(office: Office, span: Span) -> list[str]:
    start, end = span
    if end < start:
        return ["Ngày cuối phải từ ngày đầu trở đi."]
    if end >= clock.today():
        return ["Số đầu kỳ là của thời gian đã qua: ngày cuối phải trước hôm nay."]
    others = spans_of(office) - {span}
    crossing = [other for other in others if other[0] <= end and start <= other[1]]
    if crossing:
        return [
            f"Thời gian này chồng lên số đầu kỳ đã nhập {_words(min(crossing))}. Mọi lĩnh vực của "
            "một đơn vị dùng chung các khoảng ngày."
        ]
    touching = any(other[1] + ONE_DAY == start or end + ONE_DAY == other[0] for other in others)
    if others and span not in spans_of(office) and not touching:
        return [
            f"Thời gian này phải liền trước hoặc liền sau số đầu kỳ đã nhập {_words(max(others))}."
        ]
    return []


def _unlike_neighbours(
    office: Office, sector: Sector, span: Span, row: Mapping[str, int]
) -> list[str]:
    """What one period leaves pending, the next carries over."""
    found = []
    entries = OpeningFigures.objects.in_force().filter(office=office, sector=sector)
    before = entries.filter(ends_on=span[0] - ONE_DAY).first()
    after = entries.filter(starts_on=span[1] + ONE_DAY).first()
    advice = "Mời xem lại, hoặc bỏ số của thời gian kia rồi nhập lại."
    if before is not None:
        left = before.figures["pending_in_time"] + before.figures["pending_overdue"]
        if left != row["carried_over"]:
            found.append(
                f"Từ kỳ trước chuyển qua (6) là {row['carried_over']}, nhưng thời gian liền trước "
                f"còn {left} hồ sơ đang giải quyết. {advice}"
            )
    if after is not None and after.figures["carried_over"] != row["pending_total"]:
        found.append(
            f"Đang giải quyết (11) là {row['pending_total']}, nhưng thời gian liền sau ghi từ kỳ "
            f"trước chuyển qua {after.figures['carried_over']}. {advice}"
        )
    return found


def spans_of(office: Office) -> set[Span]:
    """The days of the office's opening figures that are in force."""
    rows = OpeningFigures.objects.in_force().filter(office=office)
    return set(rows.values_list("starts_on", "ends_on"))


def _words(span: tuple[date, date]) -> str:
    return f"từ {span[0]:%d/%m/%Y} đến {span[1]:%d/%m/%Y}"
