"""Why dossiers were late (TT 02/2017/TT-VPCP, biểu 07, part I): per row how many, and how many
by each coded cause. A cause is entered with an apology; a late dossier without one is shown as
such."""

from collections import defaultdict
from collections.abc import Mapping

from django.db.models import Count, OuterRef, Q, Subquery

from dossiers.models import Apology, DossierQuerySet, LateCause
from reports.figures.tables import By, ordered, table
from reports.lists.behind import dossiers_of
from reports.lists.late_list import ONE_DAY, start_of
from reports.output.sheets import Sheet, counted_sheet, heading_of
from reports.terms.columns import LATE
from reports.terms.layouts import GroupWords, Layout, LayoutColumn, Values, standard
from reports.terms.periods import Period
from reports.terms.scopes import Scope

NONE = "no_cause"
_PREFIX = "cause_"
_GROUP: GroupWords = {"groups": ("Nguyên nhân quá hạn",), "short_group": "Nguyên nhân"}


def layout() -> Layout:
    """The columns: a cause each, those in use and those that were ever entered."""
    causes = list(LateCause.objects.all())
    used = set(Apology.objects.order_by().values_list("cause_id", flat=True).distinct())
    shown = [cause for cause in causes if cause.is_active or cause.pk in used]
    names = tuple(f"{_PREFIX}{cause.pk}" for cause in shown)
    first = 6
    return Layout(
        name="nguyen-nhan",
        code="causes",
        label="Nguyên nhân trễ hạn",
        title="Nguyên nhân quá hạn trong giải quyết thủ tục hành chính",
        form="Biểu số 07/VPCP/KSTT, phần I",
        source="Theo Thông tư số 02/2017/TT-VPCP ngày 31/10/2017; danh mục nguyên nhân do đơn vị "
        "quản trị khai",
        columns=(
            LayoutColumn(
                "late",
                "Số lượng hồ sơ quá hạn",
                "Hồ sơ giải quyết trễ trong kỳ và hồ sơ đang giải quyết đã quá hạn khi hết ngày "
                "tính số liệu.",
                number=3,
                formula="(4) + (5)",
                parts=LATE,
            ),
            standard("resolved_late", heading="Đã giải quyết", number=4, groups=("Trong đó",)),
            standard("pending_overdue", heading="Đang giải quyết", number=5, groups=("Trong đó",)),
            *(
                LayoutColumn(
                    name,
                    str(cause),
                    "Thư xin lỗi gần nhất tính đến hết ngày tính số liệu ghi nguyên nhân này.",
                    number=at,
                    **_GROUP,
                )
                for at, (name, cause) in enumerate(zip(names, shown, strict=True), start=first)
            ),
            LayoutColumn(
                NONE,
                "Chưa ghi nguyên nhân",
                "Đến hết ngày tính số liệu chưa có thư xin lỗi, nên chưa ghi nguyên nhân.",
                number=first + len(names),
                **_GROUP,
            ),
        ),
        sums=(("late", LATE), ("late", (*names, NONE))),
        notes=(
            "Nguyên nhân được ghi cùng thư xin lỗi; mỗi hồ sơ tính một nguyên nhân. Hồ sơ trễ mà "
            "chưa ghi nguyên nhân vẫn được đếm, ở cột cuối.",
        ),
    )


def causes_sheet(
    period: Period, scope: Scope, by: By, query: Mapping[str, str] | None = None
) -> Sheet:
    """Late dossiers by cause, with a row for each sector, office or procedure that has any."""
    form = layout()
    names = [column.name for column in form.columns]
    found: dict[int, Values] = defaultdict(lambda: dict.fromkeys(names, 0))
    for part in LATE:
        rows = _with_cause((part,), period, scope).order_by().values(by.field, "cause_then")
        for row in rows.annotate(n=Count("*")):
            values = found[row[by.field]]
            cause = row["cause_then"]
            for name in ("late", part, NONE if cause is None else f"{_PREFIX}{cause}"):
                values[name] += row["n"]

    return counted_sheet(
        form,
        period,
        scope,
        heading_of(by, form),
        [(key, name, found[pk]) for pk, key, name in ordered(by, scope, list(found))],
        figures=table(period, scope, by).of_dossiers,
        compared=LATE,
        query=query,
    )


def causes_behind(
    column: str,
    period: Period,
    scope: Scope,
    *,
    among: DossierQuerySet | None = None,
    **key: object,
) -> DossierQuerySet:
    """The late dossiers of a number."""
    if column in LATE:
        return dossiers_of((column,), period, scope, among=among, **key)
    found = _with_cause(LATE, period, scope, among=among, **key)
    if column == NONE:
        return found.filter(Q(cause_then__isnull=True))
    if column.startswith(_PREFIX):
        return found.filter(Q(cause_then=int(column.removeprefix(_PREFIX))))
    return found


def _with_cause(
    parts: tuple[str, ...],
    period: Period,
    scope: Scope,
    *,
    among: DossierQuerySet | None = None,
    **key: object,
) -> DossierQuerySet:
    """Late dossiers, each with the cause that was the last entered by the end of the period."""
    then = Apology.objects.filter(
        dossier=OuterRef("pk"), is_void=False, apologised_at__lt=start_of(period.as_of + ONE_DAY)
    ).order_by("-number")
    return dossiers_of(parts, period, scope, among=among, **key).annotate(
        cause_then=Subquery(then.values("cause_id")[:1])
    )
