"""The organisation's people: divisions and staff; and what this database is."""

from typing import Any, ClassVar, Self

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.cache import cache
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac
from simple_history.models import HistoricalRecords

from motcua.models.offices import Office


class DivisionQuerySet(models.QuerySet["Division"]):
    def to_sign_at(self, office: "Office | int") -> "DivisionQuerySet":
        """Where the leaders of the office sign: one place at most."""
        return self.filter(office=office, is_leaders=True, is_active=True)


class Division(models.Model):
    """A division of an office (phòng chuyên môn; at a commune, an officer's field), or the place
    where its leaders sign: a dossier lies there as it lies with a division."""

    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="divisions", verbose_name="đơn vị"
    )
    name = models.CharField("tên phòng, bộ phận chuyên môn", max_length=120)
    phone = models.CharField("điện thoại", max_length=30, blank=True)
    is_leaders = models.BooleanField(
        "nơi lãnh đạo ký",
        default=False,
        help_text="Hồ sơ chuyển đến đây là trình lãnh đạo ký. Mỗi đơn vị có một nơi.",
    )
    is_active = models.BooleanField("đang hoạt động", default=True)

    history = HistoricalRecords(verbose_name="lịch sử phòng chuyên môn")
    objects = DivisionQuerySet.as_manager()

    class Meta:
        verbose_name = "phòng chuyên môn"
        verbose_name_plural = "phòng chuyên môn"
        ordering = ["office", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "name"],
                name="division_name_once_per_office",
                violation_error_message="Đơn vị này đã có phòng chuyên môn cùng tên.",
            ),
            models.UniqueConstraint(
                fields=["office"],
                condition=Q(is_leaders=True, is_active=True),
                name="one_place_to_sign_per_office",
                violation_error_message="Đơn vị này đã có nơi lãnh đạo ký.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    CLERK = "clerk", "cán bộ một cửa"
    SPECIALIST = "specialist", "chuyên viên"
    LEADER = "leader", "lãnh đạo"
    OVERSEER = "overseer", "giám sát"
    ADMINISTRATOR = "administrator", "quản trị"


UNREMEMBERED = {"last_login", "session_round", "letter_keys"}


class Staff(AbstractUser):
    """An officer who logs in. One office, one or more roles; a closed account keeps its name."""

    office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="staff",
        verbose_name="đơn vị",
    )
    division = models.ForeignKey(
        Division,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="staff",
        verbose_name="phòng chuyên môn",
    )
    full_name = models.CharField("họ và tên", max_length=80)
    title = models.CharField("chức vụ", max_length=80, blank=True)
    phone = models.CharField("điện thoại", max_length=30, blank=True)
    is_clerk = models.BooleanField(Role.CLERK.label, default=False)
    is_specialist = models.BooleanField(Role.SPECIALIST.label, default=False)
    is_leader = models.BooleanField(Role.LEADER.label, default=False)
    is_overseer = models.BooleanField(Role.OVERSEER.label, default=False)
    is_administrator = models.BooleanField(Role.ADMINISTRATOR.label, default=False)
    is_demo = models.BooleanField("tài khoản trình diễn", default=False, editable=False)
    office_since = models.DateField(
        "làm việc tại đơn vị từ ngày",
        null=True,
        blank=True,
        help_text="Để trống khi chuyển đơn vị: lấy ngày hôm nay.",
    )
    must_change_password = models.BooleanField(
        "phải đổi mật khẩu khi đăng nhập", default=False, editable=False
    )
    session_round = models.PositiveIntegerField(default=0, editable=False)
    """Counted up to end every open session of the account."""
    letter_keys = models.BooleanField("dùng phím tắt một chữ", default=True, editable=False)
    """Whether a letter pressed alone is a shortcut; each person's own choice (WCAG 2.1.4)."""

    # Django's way to leave a field of its abstract user out, which the stubs do not know.
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    history = HistoricalRecords(
        verbose_name="lịch sử cán bộ",
        excluded_fields=["password", *sorted(UNREMEMBERED)],
    )
    objects: ClassVar[UserManager[Self]] = UserManager()

    class Meta:
        verbose_name = "cán bộ, công chức"
        verbose_name_plural = "cán bộ, công chức"
        ordering = ["office", "full_name"]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A log-in is in the log of log-ins, and keys are a person's habit: the account did not
        change."""
        changed = set(kwargs.get("update_fields") or ())
        if not changed or not changed <= UNREMEMBERED:
            super().save(*args, **kwargs)
            return
        self.skip_history_when_saving = True  # a word of django-simple-history
        try:
            super().save(*args, **kwargs)
        finally:
            del self.skip_history_when_saving

    def end_sessions(self) -> None:
        """Whoever is logged in to this account has to log in again; takes effect when saved."""
        self.session_round += 1

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must still match: the password, as Django has it, and the round."""
        whole: str = super()._get_session_auth_hash(secret)  # type: ignore[misc]  # no stub
        if not self.session_round:
            return whole
        return salted_hmac(whole, str(self.session_round), secret=secret).hexdigest()

    @property
    def roles(self) -> list[Role]:
        return [role for role in Role if getattr(self, f"is_{role.value}")]

    @property
    def role_words(self) -> str:
        return ", ".join(role.label for role in self.roles)

    def has_role(self, *roles: Role) -> bool:
        """Whether the person holds at least one of the roles."""
        return any(getattr(self, f"is_{role.value}") for role in roles)


class Installation(models.Model):
    """The one row that says what this database is."""

    is_demo = models.BooleanField("bản trình diễn", default=False)

    class Meta:
        verbose_name = "bản cài đặt"
        verbose_name_plural = "bản cài đặt"

    def __str__(self) -> str:
        return "bản trình diễn" if self.is_demo else "bản chính thức"

    @classmethod
    def is_demonstration(cls) -> bool:
        """Asked on every page, so it is kept for half a minute in the process."""
        known = cache.get_or_set(
            "installation.is_demo", lambda: cls.objects.filter(is_demo=True).exists(), 30
        )
        return bool(known)


class Misses(models.Model):
    """How often somebody missed lately, for `motcua.web.throttle`. Who it was is not kept: the key
    is a limit's name and a slot, found by a keyed digest."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    until = models.BigIntegerField(db_index=True)
    """Seconds since 1970, after which the row counts for nothing."""

    class Meta:
        verbose_name = "lần thử sai"
        verbose_name_plural = "lần thử sai"

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"
