"""Django's system checks of dossiers, run with `migrate` and `check --database`."""

from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import DatabaseError

from dossiers.models import Event
from motcua import clock
from motcua.operations.checks import reads

MOST_NAMED = 5  # dossiers


@register(Tags.database)
def no_act_lies_ahead(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Acts dated in the future: the clock of the server ran ahead once, or runs behind now."""
    if not reads(databases):
        return []
    try:
        acts = Event.objects.ahead()
    except DatabaseError:
        return []
    if not acts:
        return []
    codes = list(dict.fromkeys(act.dossier.code for act in acts))
    more = " ..." if len(codes) > MOST_NAMED else ""
    return [
        Warning(
            f"{len(acts)} việc đã ghi mang thời điểm chưa tới, muộn nhất "
            f"{clock.local(acts[-1].happened_at):%H:%M %d/%m/%Y} (hồ sơ "
            f"{', '.join(codes[:MOST_NAMED])}{more}): đồng hồ máy chủ đã từng chạy nhanh, hoặc "
            "đang chạy chậm.",
            hint="Xem lại giờ của máy chủ. Giờ đã đúng thì mở từng hồ sơ: hoàn tác việc đó, hoặc "
            "sửa thời điểm tiếp nhận.",
            id="motcua.W019",
        )
    ]
