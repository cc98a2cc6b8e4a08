"""An office gets another name, place or address from a day on; what it was stays with its days.

Upper apps say here what must be done before it may.
"""

from datetime import date, timedelta

from django.dispatch import Signal

from motcua import clock
from motcua.models import DETAILS, FormerDetails, Office

asked = Signal()
"""Sent before an office gets another name, place or superior; a receiver answers with a
Vietnamese sentence that says why not yet and what to do, or with an empty one."""

NAMES = ("name", "place", "parent")
"""The fields of an office that are printed on what it signs."""
DATED = (*DETAILS, "parent")
"""What of an office has days."""


def hindrance() -> str:
    """Why no office may be renamed now, as a sentence; empty when it may."""
    return " ".join(said for _, said in asked.send(None) if said)


def why_not_from(office: Office, since: date) -> str:
    """Why its details cannot change from this day on, as a sentence; empty when they can."""
    if since > clock.today():
        return "Ngày áp dụng không được sau hôm nay; mời ghi lại vào ngày đó."
    last = office.former.order_by("-last_day").values_list("last_day", flat=True).first()
    if last is not None and since <= last:
        return f"Đã có thay đổi áp dụng từ {last + timedelta(days=1):%d/%m/%Y}; hãy chọn ngày sau."
    if office.exists_from is not None and since <= office.exists_from:
        return f"Đơn vị có từ ngày {office.exists_from:%d/%m/%Y}; hãy chọn ngày sau đó."
    return ""


def keep_former(office: Office, since: date) -> FormerDetails | None:
    """Keep what the office, as it stands in the database, was until the day before; it is saved
    with its new details by the caller. A second change from the same day leaves what is kept, and
    is None."""
    stored = Office.objects.get(pk=office.pk)
    kept, is_new = FormerDetails.objects.get_or_create(
        office=stored, last_day=since - timedelta(days=1), defaults=stored.details()
    )
    return kept if is_new else None
