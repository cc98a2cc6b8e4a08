"""Offices in time: from which day until which each exists, who follows it, what it was called.

Levels are data. Until 30/6/2025 a district stood between province and commune; since
1/7/2025 (NQ 203/2025/QH15) it does not, and a tree of province > commune works the same. Codes are
given again by law (QĐ 19/2025/QĐ-TTg, Điều 3): an office is known by its code and a day.
"""

from copy import copy
from datetime import date
from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from simple_history.models import HistoricalRecords

from motcua import clock

CENTRES_SINCE = date(2025, 7, 1)
IDENTITY_CODE = RegexValidator(
    r"^[0-9A-Z]{2,3}(\.[0-9A-Z]{2,3}){0,4}$",
    "Mã định danh gồm các nhóm 2 - 3 chữ in hoa hoặc chữ số, cách nhau bằng dấu chấm, "
    "ví dụ H12.29 hoặc 000.05.29.H12.",
)


class Level(models.TextChoices):
    PROVINCE = "province", "cấp tỉnh"
    DISTRICT = "district", "cấp huyện"
    COMMUNE = "commune", "cấp xã"


class OfficeDetails(models.Model):
    """What an office is called, where it is and how its papers are headed: of a time."""

    name = models.CharField("tên", max_length=120)
    kind = models.CharField("loại", max_length=20, help_text="tỉnh, huyện, xã, thị trấn, phường")
    identity_code = models.CharField(
        "mã định danh",
        max_length=30,
        blank=True,
        validators=[IDENTITY_CODE],
        help_text="Theo QĐ 20/2020/QĐ-TTg. Để trống: dùng mã tạm có chữ TAM.",
    )
    address = models.CharField("địa chỉ", max_length=200, blank=True)
    phone = models.CharField("điện thoại", max_length=30, blank=True)
    email = models.EmailField("thư điện tử", blank=True)
    place = models.CharField(
        "địa danh ghi trên giấy tờ",
        max_length=80,
        blank=True,
        help_text="Ví dụ: Thới Bình. Để trống: lấy tên đơn vị.",
    )
    header_above = models.CharField(
        "dòng trên của tiêu đề giấy tờ",
        max_length=120,
        blank=True,
        help_text="Ví dụ: Văn phòng UBND tỉnh Cà Mau. Để trống: Ủy ban nhân dân và tên đơn vị.",
    )
    header = models.CharField(
        "dòng dưới của tiêu đề giấy tờ",
        max_length=120,
        blank=True,
        help_text="Để trống: Bộ phận Tiếp nhận và Trả kết quả; cấp xã từ 01/7/2025 là Trung tâm "
        "Phục vụ hành chính công.",
    )
    leader_title = models.CharField(
        "chức danh người ký",
        max_length=80,
        blank=True,
        help_text="Ví dụ: Giám đốc. Để trống: Thủ trưởng cơ quan, đơn vị.",
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


DETAILS = tuple(field.name for field in OfficeDetails._meta.local_fields)
"""What of an office has days; its superior (`parent`) besides."""


class OfficeQuerySet(models.QuerySet["Office"]):
    def under(self, office: "Office") -> "OfficeQuerySet":
        """The office, everything below it at any depth, and all that these have followed."""
        return self.filter(pk__in=_reached(office, "o.parent_id = r.id OR o.successor_id = r.id"))

    def followed_by(self, office: "Office") -> "OfficeQuerySet":
        """The office and all that it has followed, through any number of mergers."""
        return self.filter(pk__in=_reached(office, "o.successor_id = r.id"))

    def existing(self, day: date) -> "OfficeQuerySet":
        """The offices that exist on the day and are not hidden."""
        return self.filter(
            Q(exists_from__isnull=True) | Q(exists_from__lte=day),
            Q(exists_until__isnull=True) | Q(exists_until__gte=day),
            is_hidden=False,
        )

    def with_desk(self) -> "OfficeQuerySet":
        """Offices that receive dossiers, or did while they existed."""
        return self.filter(has_desk=True, is_hidden=False)

    def with_clerks(self) -> "OfficeQuerySet":
        """Offices at which somebody who receives dossiers may log in."""
        clerks = self.model.objects.filter(staff__is_active=True, staff__is_clerk=True)
        return self.filter(pk__in=clerks.order_by().values("pk"))

    def receiving(self, level: str) -> "OfficeQuerySet":
        """The offices whose desks receive the procedures of this level: `Office.levels_received`
        as SQL."""
        where = Q(level=level)
        if level == Level.DISTRICT:
            where |= Q(takes_district_procedures=True)
        return self.filter(where)

    def coded(self, code: str, day: date | None = None) -> "Office | None":
        """The office that bears this code on the day, today if none is given. Bytes of a shell
        that are no text name none."""
        text = code.encode("utf-8", "replace").decode()
        return self.existing(day or clock.today()).filter(code=text).first()


def _reached(office: "Office", step: str) -> RawSQL:
    """The office and what is reached from it by this step, again and again, as SQL; a ring ends
    by itself, since UNION keeps each once."""
    table = Office._meta.db_table
    return RawSQL(  # noqa: S611  # only names of this program and a mark
        f"WITH RECURSIVE reached(id) AS (SELECT id FROM {table} WHERE id = %s"  # noqa: S608
        f" UNION SELECT o.id FROM {table} o JOIN reached r ON {step}) SELECT id FROM reached",
        [office.pk],
    )


class Office(OfficeDetails):
    """A People's Committee with its one-stop desk (bộ phận một cửa); its details are today's."""

    code = models.CharField("mã đơn vị hành chính", max_length=10)
    level = models.CharField("cấp", max_length=10, choices=Level.choices)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="trực thuộc",
    )
    exists_from = models.DateField("có từ ngày", null=True, blank=True)
    exists_until = models.DateField("đến hết ngày", null=True, blank=True, editable=False)
    successor = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="predecessors",
        verbose_name="đơn vị kế thừa",
    )
    has_desk = models.BooleanField("có bộ phận một cửa", default=True)
    is_hidden = models.BooleanField(
        "không dùng ở đây",
        default=False,
        help_text="Đơn vị có sẵn trong chương trình mà nơi này không dùng: không hiện ở đâu.",
    )
    takes_district_procedures = models.BooleanField(
        "tiếp nhận cả thủ tục cấp huyện cũ",
        default=False,
        help_text="Dành cho xã, phường từ 01/7/2025, khi không còn cấp huyện.",
    )
    days_on_slip = models.BooleanField(
        "in mặt sau phiếu hẹn",
        default=True,
        help_text="Mặt sau liệt kê từng ngày đã tính. Bỏ chọn khi máy in chỉ in một mặt: "
        "mỗi phiếu tốn thêm một tờ.",
    )

    history = HistoricalRecords(verbose_name="lịch sử đơn vị")
    objects = OfficeQuerySet.as_manager()
    _is_of_the_past = False

    class Meta:
        verbose_name = "cơ quan, đơn vị"
        verbose_name_plural = "cơ quan, đơn vị"
        ordering = ["code", "exists_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(exists_until__isnull=True),
                name="code_of_one_office_at_a_time",
                violation_error_message="Mã này đang là của một đơn vị khác.",
            ),
            models.CheckConstraint(
                condition=Q(exists_until__isnull=True)
                | Q(exists_from__isnull=True)
                | Q(exists_until__gte=F("exists_from")),
                name="office_ends_after_it_begins",
                violation_error_message="Ngày cuối phải sau ngày đầu.",
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | Q(exists_until__isnull=False),
                name="only_ended_offices_have_successors",
            ),
        ]

    def __str__(self) -> str:
        """Its name; of one that has ended with its last day, since another may bear the name."""
        return f"{self.name} (đến {self.exists_until:%d/%m/%Y})" if self.has_ended else self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._is_of_the_past:
            raise TypeError("What an office was on a day is not saved.")
        super().save(*args, **kwargs)

    @property
    def short_name(self) -> str:
        """The name without its kind, as written before a date on paper: 'Thới Bình'."""
        if self.place:
            return self.place
        kind, _, rest = self.name.partition(" ")
        if kind == "Thị":  # "Thị trấn Thới Bình", "Thị xã ..."
            rest = rest.partition(" ")[2]
        return rest or self.name

    @property
    def name_in_small(self) -> str:
        """The name inside a sentence: 'huyện Thới Bình'."""
        return self.name[:1].lower() + self.name[1:]

    @property
    def authority(self) -> str:
        """The body that solves the dossiers: 'Ủy ban nhân dân xã Tân Lộc'."""
        return f"Ủy ban nhân dân {self.name_in_small}"

    @property
    def map_words(self) -> str:
        """What finds the office on a map: its address, otherwise its body."""
        return self.address or self.authority

    def desk_on(self, day: date) -> tuple[str, str]:
        """What its desk is called on this day, in two lines as a paper's head has them, without the
        office; the communes have centres since 01/7/2025 (NĐ 118/2025)."""
        if self.header:
            words = self.header.split()
            half = (len(words) + 1) // 2
            return " ".join(words[:half]), " ".join(words[half:])
        if self.level == Level.COMMUNE and day >= CENTRES_SINCE:
            return "Trung tâm Phục vụ", "hành chính công"
        return "Bộ phận Tiếp nhận", "và Trả kết quả"

    @property
    def desk_name(self) -> str:
        """Its desk as it is called today, on screen as on paper."""
        return f"{' '.join(self.desk_on(clock.today()))} {self.name_in_small}"

    @property
    def levels_received(self) -> set[str]:
        """The levels whose procedures this desk receives: its own and, since 01/7/2025, where it
        took over the district's, those of the district."""
        return {self.level, Level.DISTRICT} if self.takes_district_procedures else {self.level}

    @property
    def has_ended(self) -> bool:
        """It does not exist any more today."""
        return self.ended_before(clock.today())

    @property
    def heir(self) -> "Office":
        """Who has its dossiers now: itself, or the last of those that followed one another. Asks
        the database once for each that has ended."""
        office = self
        while office.successor is not None:
            office = office.successor
        return office

    def heir_on(self, day: date) -> "Office":
        """Who had its dossiers on the day: as `heir`, no further than those that began by then."""
        office = self
        while office.ended_before(day) and office.successor is not None:
            office = office.successor
        return office

    def exists_on(self, day: date) -> bool:
        """As `OfficeQuerySet.existing`, of one office."""
        begun = self.exists_from is None or self.exists_from <= day
        return begun and (self.exists_until is None or day <= self.exists_until)

    def ended_before(self, day: date) -> bool:
        """What begins on the day is none of its business any more."""
        return self.exists_until is not None and self.exists_until < day

    def on(self, day: date) -> "Office":
        """The office as it was called and where it was on the day, to be read only. Reads `former`
        once where it was not prefetched."""
        former = sorted(self.former.all(), key=lambda details: details.last_day)
        then = next((details for details in former if day <= details.last_day), None)
        if then is None:
            return self
        office = copy(self)
        office._is_of_the_past = True
        for name in (*DETAILS, "parent"):
            setattr(office, name, getattr(then, name))
        return office

    def details(self) -> dict[str, Any]:
        """Today's details by field."""
        return {name: getattr(self, name) for name in (*DETAILS, "parent")}

    @property
    def acting(self) -> "Office":
        """Who answers for it today: itself, its successor once it has ended, or, without one, the
        office above."""
        office, passed = self, {self.pk}
        while office.has_ended:
            after = office.successor or office.parent
            if after is None or after.pk in passed:
                break
            office = after
            passed.add(office.pk)
        return office


class FormerDetails(OfficeDetails):
    """What an office was called and where it was until a day; today's stand on the office."""

    office = models.ForeignKey(
        Office, on_delete=models.CASCADE, related_name="former", verbose_name="đơn vị"
    )
    last_day = models.DateField("đến hết ngày")
    parent = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="trực thuộc",
    )

    class Meta:
        verbose_name = "tên, địa chỉ trước đây"
        verbose_name_plural = "tên, địa chỉ trước đây"
        ordering = ["office", "-last_day"]
        constraints = [
            models.UniqueConstraint(fields=["office", "last_day"], name="former_details_once_a_day")
        ]


class ReceptionPointQuerySet(models.QuerySet["ReceptionPoint"]):
    def open_on(self, day: date) -> "ReceptionPointQuerySet":
        """Those at which dossiers are received on the day."""
        return self.filter(
            Q(open_from__isnull=True) | Q(open_from__lte=day),
            Q(open_until__isnull=True) | Q(open_until__gte=day),
        )


class ReceptionPoint(models.Model):
    """Điểm tiếp nhận và trả kết quả: a place where a desk receives besides its own (NĐ 118/2025);
    codes and books are the office's."""

    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="points", verbose_name="đơn vị"
    )
    name = models.CharField("tên điểm", max_length=120)
    address = models.CharField("địa chỉ", max_length=200)
    phone = models.CharField("điện thoại", max_length=30, blank=True)
    open_from = models.DateField("có từ ngày", null=True, blank=True)
    open_until = models.DateField("đến hết ngày", null=True, blank=True)

    history = HistoricalRecords(verbose_name="lịch sử điểm tiếp nhận")
    objects = ReceptionPointQuerySet.as_manager()

    class Meta:
        verbose_name = "điểm tiếp nhận"
        verbose_name_plural = "điểm tiếp nhận"
        ordering = ["office", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "name"],
                name="point_name_once_per_office",
                violation_error_message="Đơn vị này đã có điểm tiếp nhận cùng tên.",
            ),
            models.CheckConstraint(
                condition=Q(open_until__isnull=True)
                | Q(open_from__isnull=True)
                | Q(open_until__gte=F("open_from")),
                name="point_ends_after_it_begins",
                violation_error_message="Ngày cuối phải sau ngày đầu.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
