"""The dossier. Only `lifecycle` writes it."""

from datetime import date

from django.apps import apps
from django.db import connection, models
from django.db.models import F, Q

from dossiers.models.people import People
from dossiers.models.places import ELSEWHERE, DossierPlaces
from dossiers.rules.codes import code_key, readings
from dossiers.rules.regimes import Regime, regime_on
from dossiers.rules.states import ENDED, NOT_ACCEPTED, OPEN, STATE_WORDS, State
from dossiers.rules.timeliness import Timeliness
from motcua import clock
from motcua.access import offices_visible_to
from motcua.models import Division, Office, Staff
from motcua.text import fold, in_small
from procedures.models import Procedure, ProcedureVersion, Sector

# Plain numbers, so that migrations do not import the enum.
_NOT_ACCEPTED = sorted(s.value for s in NOT_ACCEPTED)
_ENDED = sorted(s.value for s in ENDED)


class DossierQuerySet(models.QuerySet["Dossier"]):
    def visible_to(self, staff: Staff) -> "DossierQuerySet":
        """The dossiers that exist for this person: solved or received by an office of the
        person's scope, returned there, or forwarded to one."""
        offices = list(offices_visible_to(staff).values_list("pk", flat=True))
        if not offices:
            return self.none()
        every = Dossier.objects.order_by().values("pk")
        # The few that another office solves or returns, each found by an index of its own.
        return self.filter(
            Q(office__in=offices)
            | Q(pk__in=every.filter(ELSEWHERE, receiver__in=offices))
            | Q(pk__in=every.filter(return_office__in=offices))
            | Q(
                pk__in=apps.get_model("dossiers", "Transfer")
                # What goes round within an office was received by it, or came to it before.
                .objects.filter(
                    ~Q(from_office=F("to_office")), to_office__in=offices, is_void=False
                )
                .values("dossier_id")
            )
        )

    def accepted(self) -> "DossierQuerySet":
        """In the register: not the declined ones, nor those submitted and not yet accepted."""
        return self.filter(received_on__isnull=False)

    def open(self) -> "DossierQuerySet":
        """Accepted and not resolved now."""
        return self.accepted().filter(resolved_on__isnull=True)

    def received_between(self, start: date, end: date) -> "DossierQuerySet":
        return self.filter(received_on__range=(start, end))

    def resolved_between(self, start: date, end: date) -> "DossierQuerySet":
        return self.filter(resolved_on__range=(start, end))

    def open_at(self, day: date) -> "DossierQuerySet":
        """Open at the end of the day: accepted by then, not resolved by then."""
        return self.filter(received_on__lte=day).filter(
            Q(resolved_on__isnull=True) | Q(resolved_on__gt=day)
        )

    def search(self, text: str) -> "DossierQuerySet":
        """A code however typed, or words of a name, an ID number, a phone, without diacritics."""
        words = Q()
        for word in fold(text).split():
            words &= Q(search_key__contains=word)
        found = self.filter(_by_index(words))
        for key in dict.fromkeys(readings(text)):
            if len(key) >= 4 and any(c.isdigit() for c in key):
                found = found | self.filter(_by_index(Q(code_key__contains=key)))
        return found

    def by_code(self, text: str) -> "DossierQuerySet":
        """The dossier of a receipt or submission code, however typed."""
        key = code_key(text)
        return self.filter(Q(code_key=key) | Q(submission_key=key) & ~Q(submission_key=""))


def _by_index(words: Q) -> Q:
    """The condition on one indexed column as SQLite finds it best: it reads the index through, a
    twentieth of the table. PostgreSQL has an index of the words' parts (migration 0007)."""
    if connection.vendor == "postgresql" or not words:
        return words
    return Q(pk__in=Dossier.objects.filter(words).order_by().values("pk"))


class Dossier(People, DossierPlaces):
    """Hồ sơ: one request of one applicant, from receipt to result."""

    class Channel(models.TextChoices):
        DIRECT = "direct", "trực tiếp"
        POST = "post", "dịch vụ bưu chính"
        ONLINE = "online", "trực tuyến"

    class Source(models.TextChoices):
        COUNTER = "counter", "nhập tại quầy"
        ONLINE = "online", "nộp trực tuyến"
        IMPORT = "import", "nhập từ sổ cũ"
        DEMO = "demo", "dữ liệu trình diễn"

    class ReturnMethod(models.TextChoices):
        DESK = "desk", "nhận tại bộ phận một cửa"
        POST = "post", "qua dịch vụ bưu chính"
        ONLINE = "online", "bản điện tử"

        @classmethod
        def offered(cls, known: str = "") -> list[tuple[str, str]]:
            """What may be chosen, the `known` way of a dossier among it. Nothing can be received
            electronically here, so that this way stands only in dossiers that have it."""
            return [choice for choice in cls.choices if choice[0] in (cls.DESK, cls.POST, known)]

    class PaidBy(models.TextChoices):
        """How a fee was taken with the result."""

        CASH = "cash", "tiền mặt"
        TRANSFER = "transfer", "chuyển khoản"

    class Outcome(models.TextChoices):
        APPROVED = "approved", "giải quyết xong"
        REFUSED = "refused", "từ chối giải quyết"
        WITHDRAWN = "withdrawn", "công dân rút"
        STOPPED = "stopped", "dừng giải quyết"

    code = models.CharField("mã hồ sơ", max_length=60, unique=True)
    code_key = models.CharField(max_length=60, unique=True, editable=False)
    submission_code = models.CharField("mã nộp trực tuyến", max_length=60, blank=True)
    submission_key = models.CharField(max_length=60, blank=True, editable=False)
    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, verbose_name="thủ tục")
    version = models.ForeignKey(
        ProcedureVersion, on_delete=models.PROTECT, verbose_name="phiên bản thủ tục"
    )
    sector = models.ForeignKey(Sector, on_delete=models.PROTECT, verbose_name="lĩnh vực")
    state = models.PositiveSmallIntegerField(
        "trạng thái", choices=[(s.value, w) for s, w in STATE_WORDS.items()]
    )
    channel = models.CharField("hình thức nộp", max_length=8, choices=Channel.choices)
    source = models.CharField("nguồn", max_length=8, choices=Source.choices, default=Source.COUNTER)

    subject = models.CharField("nội dung yêu cầu giải quyết", max_length=500, blank=True)
    concerns = models.CharField("kết quả về", max_length=200, blank=True)
    sets = models.PositiveSmallIntegerField("số lượng hồ sơ (bộ)", default=1)
    fee_vnd = models.PositiveIntegerField("phí, lệ phí (đồng)", null=True, blank=True)
    fee_paid = models.BooleanField("đã thu", default=False)
    return_method = models.CharField(
        "cách nhận kết quả",
        max_length=8,
        choices=ReturnMethod.choices,
        default=ReturnMethod.DESK,
    )
    return_address = models.CharField("nơi nhận kết quả", max_length=250, blank=True)
    note = models.TextField("ghi chú", blank=True)

    submitted_at = models.DateTimeField("nộp lúc")
    received_at = models.DateTimeField("tiếp nhận lúc", null=True)
    received_on = models.DateField("ngày tiếp nhận", null=True)
    effective_at = models.DateTimeField("tính thời hạn từ", null=True)
    due_at = models.DateTimeField("hẹn trả", null=True)
    due_on = models.DateField("ngày hẹn trả", null=True)
    due_since = models.DateField(
        "hạn này có từ ngày",
        null=True,
        editable=False,
        help_text="Trống khi hạn chưa từng thay đổi từ lúc tiếp nhận.",
    )
    paused_on = models.DateField("thời hạn dừng từ ngày", null=True, editable=False)

    resolved_at = models.DateTimeField("có kết quả lúc", null=True)
    resolved_on = models.DateField("ngày có kết quả", null=True)
    timed_on = models.DateField("ngày dùng để xét hạn", null=True, editable=False)
    timeliness = models.CharField(
        "sớm, đúng, trễ",
        max_length=8,
        choices=[(t.value, t.label) for t in Timeliness],
        blank=True,
    )
    days_spent = models.PositiveSmallIntegerField(
        "số ngày làm việc đã dùng",
        null=True,
        editable=False,
        help_text="trống khi chưa xong hoặc năm đó chưa có lịch",
    )
    outcome = models.CharField("kết quả", max_length=10, choices=Outcome.choices, blank=True)
    result_note = models.TextField("nội dung kết quả", blank=True)
    handed_over_at = models.DateTimeField("trả kết quả lúc", null=True)
    handed_over_on = models.DateField("ngày trả kết quả", null=True)
    collector_name = models.CharField("người nhận kết quả", max_length=200, blank=True)
    collector_paper = models.CharField("giấy tờ người nhận xuất trình", max_length=200, blank=True)
    handed_over_by = models.CharField(
        "cách trả", max_length=8, choices=ReturnMethod.choices, blank=True
    )

    holder_office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="held", verbose_name="đang ở đơn vị"
    )
    holder_division = models.ForeignKey(
        Division,
        on_delete=models.PROTECT,
        null=True,
        related_name="held",
        verbose_name="đang ở phòng",
    )
    held_since = models.DateTimeField("từ lúc")

    book_number = models.PositiveIntegerField("số thứ tự trong sổ", null=True)
    request_token = models.UUIDField(null=True, unique=True, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)
    search_key = models.TextField(editable=False)
    created_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="người nhập"
    )

    objects = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = "hồ sơ"
        verbose_name_plural = "hồ sơ"
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=_NOT_ACCEPTED, received_on__isnull=True)
                | Q(
                    ~Q(state__in=_NOT_ACCEPTED),
                    received_on__isnull=False,
                    received_at__isnull=False,
                ),
                name="accepted_dossier_has_a_receipt",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_ENDED, resolved_on__isnull=False)
                | Q(~Q(state__in=_ENDED), resolved_on__isnull=True),
                name="ended_dossier_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(assigned_on__isnull=True, assigned_from__isnull=True)
                | Q(assigned_on__isnull=False, assigned_from__isnull=False),
                name="assigned_dossier_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(resolved_on__isnull=True) | Q(resolved_on__gte=F("received_on")),
                name="no_end_before_receipt",
            ),
            models.CheckConstraint(
                condition=Q(resolved_on__isnull=True, timeliness="", timed_on__isnull=True)
                | Q(
                    Q(resolved_on__isnull=False, timed_on__isnull=False),
                    Q(timeliness__in=[t.value for t in Timeliness]),
                ),
                name="ended_dossier_has_a_class",
            ),
            models.UniqueConstraint(
                fields=["submission_key"],
                condition=~Q(submission_key=""),
                name="submission_key_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=[
                    "resolved_on",
                    "received_on",
                    "office",
                    "sector",
                    "timeliness",
                    "outcome",
                    "due_on",
                    "due_since",
                ],
                name="dossier_figures",
            ),
            models.Index(
                fields=["received_on", "office", "sector", "channel"], name="dossier_receipts"
            ),
            models.Index(
                fields=["receiver", "received_on", "book_number"], name="dossier_register"
            ),
            models.Index(
                fields=["receiver", "received_on"],
                condition=ELSEWHERE,
                name="dossier_elsewhere",
            ),
            models.Index(
                fields=["return_office"],
                condition=Q(return_office__isnull=False),
                name="dossier_returned_at",
            ),
            models.Index(
                fields=["office", "due_on"],
                condition=Q(resolved_on__isnull=True),
                name="dossier_open_by_due",
            ),
            models.Index(
                fields=["holder_office", "state", "due_on"],
                condition=Q(handed_over_on__isnull=True),
                name="dossier_held",
            ),
            models.Index(fields=["applicant_id"], name="dossier_applicant_id"),
            models.Index(fields=["phone"], condition=~Q(phone=""), name="dossier_phone"),
            # The first letters of a name, as PostgreSQL finds them whatever its language is.
            models.Index(
                fields=["office", "search_key"],
                opclasses=["int8_ops", "text_pattern_ops"],
                name="dossier_office_names",
            ),
            # The list, the newest first or by name. On PostgreSQL the words of a name are found by
            # an index of their parts (migration 0007), on SQLite by reading this one through.
            models.Index(fields=["received_at", "id"], name="dossier_newest"),
            models.Index(fields=["search_key"], name="dossier_by_name"),
            # The few that ended late, or whose date was moved: what is said of them by name must
            # not cost more where there are many others.
            models.Index(
                fields=[
                    "resolved_on",
                    "received_on",
                    "office",
                    "due_on",
                    "timed_on",
                    "id",
                    "due_since",
                    "sector",
                    "procedure",
                ],
                condition=Q(timeliness="late"),
                name="dossier_late",
            ),
            # The few whose figures stood elsewhere before a day.
            models.Index(
                fields=["assigned_on"],
                condition=Q(assigned_on__isnull=False),
                name="dossier_assigned",
            ),
            models.Index(
                fields=["due_since", "resolved_on", "office"],
                condition=Q(due_since__isnull=False),
                name="dossier_moved",
            ),
            models.Index(
                fields=["resolved_on", "office", "procedure", "days_spent"],
                condition=Q(resolved_on__isnull=False),
                name="dossier_days_spent",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def make_search_key(self) -> str:
        return fold(
            " ".join(
                part
                for part in (
                    self.applicant_name,
                    self.applicant_id,
                    self.phone,
                    self.submitter_name,
                    self.submitter_id,
                    self.submitter_phone,
                    self.external_code,
                    self.concerns,
                )
                if part
            )
        )

    @property
    def current_state(self) -> State:
        return State(self.state)

    @property
    def state_words(self) -> str:
        return STATE_WORDS[State(self.state)]

    @property
    def is_open(self) -> bool:
        return State(self.state) in OPEN

    @property
    def awaits_signature(self) -> bool:
        """It lies where the leaders sign."""
        place = self.holder_division
        return self.is_open and place is not None and place.is_leaders

    @property
    def is_accepted(self) -> bool:
        return State(self.state) not in NOT_ACCEPTED

    @property
    def awaits_the_office(self) -> bool:
        """Open, or submitted and not decided on: somebody in the office has to act on it."""
        return self.is_open or State(self.state) is State.SUBMITTED

    @property
    def is_refused(self) -> bool:
        """Turned away at the counter, or refused after appraisal: form 03 is due."""
        return State(self.state) is State.DECLINED or self.outcome == self.Outcome.REFUSED

    @property
    def ended_without_result(self) -> bool:
        """Withdrawn or stopped: form 05 is due."""
        return State(self.state) in (State.WITHDRAWN, State.STOPPED)

    @property
    def ended_late(self) -> bool:
        return self.timeliness == Timeliness.LATE

    @property
    def regime(self) -> Regime:
        """The rules that apply to the dossier: those of the day of its receipt."""
        return regime_on(self.received_on or clock.local(self.submitted_at).date())

    @property
    def subject_words(self) -> str:
        return self.subject or self.procedure.name

    @property
    def subject_in_small(self) -> str:
        """As `subject_words` after a colon or inside a sentence: what begins as the procedure does
        begins in small there. What somebody typed otherwise may begin with a name, and stays."""
        words = self.subject_words
        as_procedure = words.partition(" ")[0] == self.procedure.name.partition(" ")[0]
        return in_small(words) if as_procedure else words

    @property
    def procedure_in_small(self) -> str:
        return in_small(self.procedure.name)

    @property
    def holder_words(self) -> str:
        if self.holder_division is not None:
            return f"{self.holder_division.name}"
        return f"Bộ phận một cửa {self.holder_office.name_in_small}"
