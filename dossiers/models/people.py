"""Who asks: the applicant, and who submits for another. A part of the dossier."""

from django.db import models

from dossiers.rules.personal_numbers import KIND_WORDS, OF_FOREIGNERS, kind_of


def _named(number: str, kind: str) -> str:
    return f"{kind.lower()} {number}" if kind and number else number


class People(models.Model):
    """The people of a dossier, as they were taken down."""

    # Of a CCCD or a CMND the number itself tells; see `personal_numbers`.
    IDENTITY_KINDS = [(kind.value, KIND_WORDS[kind]) for kind in OF_FOREIGNERS]

    class ApplicantKind(models.TextChoices):
        PERSON = "person", "cá nhân"
        ORGANISATION = "organisation", "tổ chức"

    applicant_kind = models.CharField(
        "loại người nộp", max_length=12, choices=ApplicantKind.choices
    )
    applicant_name = models.CharField("cá nhân, tổ chức", max_length=200)
    applicant_id = models.CharField("số định danh, CMND hoặc mã số thuế", max_length=20, blank=True)
    applicant_id_kind = models.CharField(
        "loại giấy tờ của người nộp", max_length=10, choices=IDENTITY_KINDS, blank=True
    )
    phone = models.CharField("số điện thoại", max_length=20, blank=True)
    email = models.EmailField("thư điện tử", blank=True)
    address = models.CharField("địa chỉ", max_length=250, blank=True)
    submitter_name = models.CharField("người nộp thay", max_length=200, blank=True)
    submitter_id = models.CharField("số định danh người nộp thay", max_length=20, blank=True)
    submitter_id_kind = models.CharField(
        "loại giấy tờ của người nộp thay", max_length=10, choices=IDENTITY_KINDS, blank=True
    )
    submitter_phone = models.CharField("điện thoại người nộp thay", max_length=20, blank=True)
    submitter_address = models.CharField("địa chỉ người nộp thay", max_length=250, blank=True)
    authority_paper = models.CharField("giấy tờ ủy quyền", max_length=200, blank=True)

    class Meta:
        abstract = True

    @property
    def applicant_paper(self) -> str:
        """What the applicant's number is of, in words."""
        if self.applicant_kind == self.ApplicantKind.ORGANISATION:
            return "Mã số thuế"
        return kind_of(self.applicant_id, self.applicant_id_kind) or "Số giấy tờ"

    @property
    def applicant_identity(self) -> str:
        """The applicant's number on a paper whose line is called "số định danh": another kind is
        named before it."""
        return _named(self.applicant_id, self.get_applicant_id_kind_display())

    @property
    def submitter_paper(self) -> str:
        """What the submitter's number is of, in words."""
        return kind_of(self.submitter_id, self.submitter_id_kind) or "Số giấy tờ"

    @property
    def submitter_identity(self) -> str:
        """As `applicant_identity`, of who submits for another."""
        return _named(self.submitter_id, self.get_submitter_id_kind_display())
