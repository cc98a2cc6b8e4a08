"""Where a dossier was received, who solves it, where its result is returned, and what another
system calls it."""

from django.db import models
from django.db.models import F, Q

from motcua import clock
from motcua.models import Office, ReceptionPoint

ELSEWHERE = ~Q(receiver=F("office"))
"""Received by one office for another."""
AWAITS_PAPER = Q(paper_due_at__isnull=False, paper_came_at__isnull=True)
"""Received for another office, which has the electronic file and not yet the papers."""


class DossierPlaces(models.Model):
    """The four facts (NĐ 118/2025): point of receipt, receiver, solver, place of return."""

    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="dossiers", verbose_name="đơn vị giải quyết"
    )
    """Who solves it, and in whose figures it counts: the receiver unless the receipt says
    otherwise. A merger rewrites it only where receipts came after the end."""
    receiver = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="received", verbose_name="nơi tiếp nhận"
    )
    """Whose desk received it: it issued the code and keeps the book."""
    point = models.ForeignKey(
        ReceptionPoint,
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        related_name="received",
        verbose_name="điểm tiếp nhận",
    )
    return_office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        related_name="returned",
        verbose_name="nơi trả kết quả",
    )
    """Where the citizen gets the result; empty: at the receiver. See `return_place`."""
    return_point = models.ForeignKey(
        ReceptionPoint,
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        related_name="returned",
        verbose_name="điểm trả kết quả",
    )
    paper_due_at = models.DateTimeField("hạn chuyển bản giấy", null=True)
    """Until when the papers of a dossier received for another office reach the solver."""
    paper_came_at = models.DateTimeField("đã nhận bản giấy lúc", null=True)
    external_system = models.CharField("hệ thống khác", max_length=80, blank=True)
    external_code = models.CharField("mã ở hệ thống khác", max_length=60, blank=True)
    external_status = models.CharField("trạng thái ở hệ thống khác", max_length=120, blank=True)
    assigned_from = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="assigned_away",
        verbose_name="được giao lại từ",
    )
    """The office that ended without a successor and solved it until `assigned_on`."""
    assigned_on = models.DateField("được giao lại từ ngày", null=True, editable=False)

    class Meta:
        abstract = True

    @property
    def is_elsewhere(self) -> bool:
        """Received by one office for another: `ELSEWHERE` of one dossier, but for what another
        office solves because the receiver ended."""
        return self.receiver_id not in (self.office_id, self.assigned_from_id)

    @property
    def awaits_paper(self) -> bool:
        """`AWAITS_PAPER` of one dossier."""
        return self.paper_due_at is not None and self.paper_came_at is None

    @property
    def paper_is_late(self) -> bool:
        """Whether the papers came, or still are to come, after their limit."""
        if self.paper_due_at is None:
            return False
        return (self.paper_came_at or clock.now()) > self.paper_due_at

    @property
    def return_place(self) -> Office:
        """The office whose desk returns the result."""
        return self.return_office or self.receiver
