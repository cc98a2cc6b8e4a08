"""What happened to a dossier: append-only."""

from typing import Any

from django.db import models

from dossiers.models.dossier import Dossier
from dossiers.rules.states import Verb
from motcua import clock
from motcua.models import Office, Staff

# What a correction changes when the due date is reckoned anew.
MOVES_DAYS = {"procedure_id", "received_at", "due_at"}
MOST_AHEAD = 1000


class EventQuerySet(models.QuerySet["Event"]):
    def ahead(self) -> list["Event"]:
        """The standing acts that are dated in the future, by a clock that ran ahead, and that can
        be undone or, a receipt, corrected; soonest first, each with its dossier's code, at most
        MOST_AHEAD."""
        later = clock.now() + clock.TOLERANCE
        found = (
            self.filter(happened_at__gt=later)
            .exclude(kind__in=Event.LASTING)
            .exclude(kind=Event.Kind.ACCEPT, dossier__received_at__lte=later)
            .select_related("dossier")
            .order_by("happened_at")[:MOST_AHEAD]
        )
        acts = [act for act in found if act.is_dated]
        undone = Event.objects.undone_in({act.dossier_id for act in acts}) if acts else set()
        return [act for act in acts if act.pk not in undone]

    def undone_in(self, dossiers: set[int]) -> set[int]:
        """The primary keys of the acts of these dossiers that have been undone."""
        reverts = self.filter(kind=Event.Kind.REVERT, dossier_id__in=dossiers)
        return {details["reverts"] for details in reverts.values_list("details", flat=True)}


class Event(models.Model):
    """An act on a dossier, a reading or printing of it, or an officer's note. Append-only: the
    database itself refuses an update or a delete (see the migration that lays the triggers)."""

    class Kind(models.TextChoices):
        SUBMIT = Verb.SUBMIT.value, Verb.SUBMIT.label
        ACCEPT = Verb.ACCEPT.value, Verb.ACCEPT.label
        DECLINE = Verb.DECLINE.value, Verb.DECLINE.label
        FORWARD = Verb.FORWARD.value, Verb.FORWARD.label
        ASK_SUPPLEMENT = Verb.ASK_SUPPLEMENT.value, Verb.ASK_SUPPLEMENT.label
        RECEIVE_SUPPLEMENT = Verb.RECEIVE_SUPPLEMENT.value, Verb.RECEIVE_SUPPLEMENT.label
        ASK_PAYMENT = Verb.ASK_PAYMENT.value, Verb.ASK_PAYMENT.label
        CONFIRM_PAYMENT = Verb.CONFIRM_PAYMENT.value, Verb.CONFIRM_PAYMENT.label
        APOLOGISE = Verb.APOLOGISE.value, Verb.APOLOGISE.label
        RESOLVE = Verb.RESOLVE.value, Verb.RESOLVE.label
        HAND_OVER = Verb.HAND_OVER.value, Verb.HAND_OVER.label
        WITHDRAW = Verb.WITHDRAW.value, Verb.WITHDRAW.label
        STOP = Verb.STOP.value, Verb.STOP.label
        CORRECT = Verb.CORRECT.value, Verb.CORRECT.label
        REVERT = Verb.REVERT.value, Verb.REVERT.label
        TAKE_OVER = "take_over", "nhận hồ sơ được chuyển"
        TAKE_PAPER = "take_paper", "nhận bản giấy từ nơi tiếp nhận"
        EXTERNAL = "external", "ghi mã, trạng thái ở hệ thống khác"
        CALL = "call", "gọi báo công dân có kết quả"
        ATTACH = "attach", "công dân gửi thêm tệp trực tuyến"
        RESCHEDULE = "reschedule", "dời hạn vì lịch làm việc thay đổi"
        MERGE = "merge", "sắp xếp đơn vị hành chính"
        ASSIGN = "assign", "phân công đơn vị giải quyết"
        READ = "read", "xem hồ sơ"
        PRINT = "print", "in giấy tờ"
        NOTE = "note", "ghi chú nội bộ"

    # Who looked, and who printed.
    LOOKS = (Kind.READ, Kind.PRINT)
    # What changes nothing of the dossier: no act, whatever asks for acts.
    ACCESS = (*LOOKS, Kind.NOTE)
    # What nobody undoes, and what keeps nobody from acting. A receipt is corrected instead.
    LASTING = (
        *ACCESS,
        Kind.SUBMIT,
        Kind.DECLINE,
        Kind.ATTACH,
        Kind.CALL,
        Kind.REVERT,
        Kind.MERGE,
        Kind.ASSIGN,
    )

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField("việc", max_length=20, choices=Kind.choices)
    actor = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="người làm"
    )
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="đơn vị"
    )
    happened_at = models.DateTimeField("lúc")
    recorded_at = models.DateTimeField("nhập lúc")
    from_state = models.PositiveSmallIntegerField("từ trạng thái", null=True)
    to_state = models.PositiveSmallIntegerField("đến trạng thái", null=True)
    note = models.TextField("nội dung", blank=True)
    changes = models.JSONField("thay đổi", default=dict)
    """Field of the dossier -> [before, after]; dates as ISO text, links as primary keys."""
    details = models.JSONField("chi tiết", default=dict)
    token = models.UUIDField(null=True, unique=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = "sự kiện"
        verbose_name_plural = "sự kiện"
        ordering = ["dossier", "pk"]
        indexes = [
            models.Index(fields=["dossier", "kind"], name="event_by_kind"),
            # The few that lie in the future are asked for by the page of health.
            models.Index(fields=["happened_at"], name="event_by_moment"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.happened_at:%d/%m/%Y %H:%M}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("An event is append-only.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError("An event is append-only.")

    @property
    def is_dated(self) -> bool:
        """Whether its moment counts. That of a correction does so only where it moves what days
        are counted from: a telephone number put right today keeps nobody from entering what was
        done yesterday; nor does a merger, which no desk did,
        or what another system says, or a telephone call."""
        if self.kind in (self.Kind.MERGE, self.Kind.ASSIGN, self.Kind.EXTERNAL, self.Kind.CALL):
            return False
        return self.kind != self.Kind.CORRECT or bool(MOVES_DAYS & self.changes.keys())


class ActRow(models.Model):
    """A row that one act opens and another may close; undone acts leave it, marked void."""

    dossier: "models.ForeignKey[Dossier, Dossier]"
    opened_by = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    closed_by = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, related_name="+")
    is_void = models.BooleanField("đã hoàn tác", default=False)

    class Meta:
        abstract = True


def first_decision(dossier: Dossier) -> Event | None:
    """The act by which the desk received the dossier or turned it away; None while one filed
    online waits for it. Asks the database."""
    decisions = Event.objects.filter(
        dossier=dossier, kind__in=(Event.Kind.ACCEPT, Event.Kind.DECLINE)
    )
    return decisions.select_related("actor").order_by("pk").first()


def receiver_of(dossier: Dossier) -> Staff | None:
    """Who received it or turned it away, unknown where an old register tells of it; while it
    waits, who entered it, if it was not the citizen. Asks the database."""
    decision = first_decision(dossier)
    return dossier.created_by if decision is None else decision.actor
