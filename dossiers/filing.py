"""Files on their way into a dossier: kept as soon as they are sent, so that a mistake elsewhere
in the form costs nobody the scans; named in the form by a signed reference; thrown away after a
day when no dossier took them."""

from collections.abc import Iterable
from datetime import timedelta

from django.core import signing
from django.core.files.uploadedfile import UploadedFile

from dossiers.models import Attachment
from motcua import clock, uploads
from motcua.throttle import MissLimit
from motcua.uploads import FileRefused
from procedures.models import RequiredPaper

WAITS_FOR = timedelta(days=1)
MOST_FILES = 20
MOST_OF_A_DOSSIER = 60
TOO_MANY = f"Nhiều nhất {MOST_FILES} tệp trong một lần gửi. Các tệp sau chưa được nhận."
ENOUGH = (
    f"Hồ sơ này đã có {MOST_OF_A_DOSSIER} tệp, không nhận thêm được. "
    "Mời ông/bà mang giấy tờ còn lại đến bộ phận một cửa."
)
# What is sent is kept before anything else is looked at; so sending is limited by address, and not
# only filing.
sendings = MissLimit("files", allowed=60, seconds=60 * 60)
_SALT = "dossiers.filing"


def keep(file: UploadedFile, required: RequiredPaper | None) -> Attachment:
    """Keep a file that was sent. Raises FileRefused with a sentence, and keeps nothing then."""
    kind = uploads.check(file)
    return Attachment.objects.create(
        required=required,
        name=uploads.shown_name(file.name or ""),
        kind=kind.value,
        size=file.size,
        digest=uploads.digest_of(file),
        file=file,
        added_at=clock.now(),
    )


def keep_all(
    files: Iterable[UploadedFile], required: RequiredPaper | None, room: int
) -> tuple[list[Attachment], list[str]]:
    """Keep as many files as there is room for; those that came, and a sentence for each that was
    not taken."""
    kept: list[Attachment] = []
    refused: list[str] = []
    for file in files:
        if len(kept) >= room:
            refused.append(TOO_MANY)
            break
        try:
            kept.append(keep(file, required))
        except FileRefused as sentence:
            refused.append(str(sentence))
    return kept, refused


def reference(attachment: Attachment) -> str:
    """How a form names a waiting file: nobody can name another's."""
    return signing.dumps(attachment.pk, salt=_SALT)


def waiting(references: Iterable[str]) -> list[Attachment]:
    """The files of these references that still wait for a dossier, in the order they came."""
    keys = []
    for text in references:
        try:
            keys.append(signing.loads(text, salt=_SALT, max_age=WAITS_FOR))
        except signing.BadSignature:
            continue
    found = Attachment.objects.filter(pk__in=keys, dossier__isnull=True)
    return list(found.filter(added_at__gt=clock.now() - WAITS_FOR).order_by("pk"))


def throw_away_forgotten(most: int = 100) -> int:
    """Delete files that no dossier took within a day; how many."""
    forgotten = Attachment.objects.filter(
        dossier__isnull=True, added_at__lte=clock.now() - WAITS_FOR
    ).order_by("pk")[:most]
    thrown = 0
    for attachment in forgotten:
        # A dossier may take it at this moment: who gets the row decides over the file.
        gone, _ = Attachment.objects.filter(pk=attachment.pk, dossier__isnull=True).delete()
        if gone:
            attachment.file.delete(save=False)
            thrown += 1
    return thrown
