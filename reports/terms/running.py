"""A period that has not ended: what is pending is told as of its last day, as every period's is
(the figures' definition), so that much counts as overdue which today is in time. Whoever shows the
figures says so, and leads to the same days up to today."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.http import urlencode

from reports.terms.periods import Period


@dataclass(frozen=True)
class Unfinished:
    """A period that ends after `today`."""

    period: Period
    today: date

    @property
    def has_begun(self) -> bool:
        return self.period.start <= self.today

    @property
    def sentence(self) -> str:
        end = f"{self.period.end:%d/%m/%Y}"
        if not self.has_begun:
            return f"Kỳ này chưa bắt đầu; số đang giải quyết tính như ở ngày cuối kỳ {end}."
        return (
            f"Kỳ này chưa kết thúc: số quá hạn tính như ở ngày cuối kỳ {end}, gồm cả hồ sơ hôm nay "
            "còn hạn mà đến ngày đó hết hạn."
        )

    def until_today(self, query: Mapping[str, str]) -> str:
        """The address of the same choice for its days up to today; empty before it begins."""
        if not self.has_begun:
            return ""
        return f"?{urlencode({**query, 'ky': to_date(self.period.start, self.today)})}"


def to_date(start: date, today: date) -> str:
    """The key of the days from `start` up to today."""
    return f"{start.isoformat()}..{today.isoformat()}"


def unfinished(period: Period, today: date) -> Unfinished | None:
    """What is to be said of the period on this day; None of one that has ended, or ends today."""
    return Unfinished(period, today) if period.end > today else None


def said_of(period: Period, today: date, query: Mapping[str, str]) -> dict[str, object]:
    """What `_unfinished.html` shows of the period."""
    found = unfinished(period, today)
    return {"unfinished": found, "until_today": found.until_today(query) if found else ""}
