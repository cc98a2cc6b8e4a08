"""What stands signed since a merger, so that the merger cannot be undone any more?"""

from typing import Any

from dossiers.merging import undoing
from dossiers.models import Merger
from reports.models import Closing


def join() -> None:
    """From now on a signature at one of its offices keeps a merger from being undone."""
    undoing.asked.connect(_signed_since, dispatch_uid="reports.signed_since_a_merger")


def _signed_since(sender: Any, *, merger: Merger, offices: set[int], **kwargs: Any) -> str:
    signed = Closing.objects.filter(office__in=offices, signed_at__gt=merger.made_at)
    first = signed.select_related("office").order_by("signed_at").first()
    return f"Sau đó {first.office.name} đã ký {first.period.label}." if first is not None else ""
