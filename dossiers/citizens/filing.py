"""Files on their way into a dossier: kept as soon as they are sent, so that a mistake elsewhere
in the form costs nobody the scans; named in the form by a signed reference; thrown away after two
hours when no dossier took them."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q, Sum
from django.http import HttpRequest

from dossiers.models import Attachment
from motcua import clock
from motcua.web import bodies, uploads
from motcua.web.bodies import BodyRefused
from motcua.web.throttle import MissLimit, address_of
from motcua.web.uploads import FileRefused
from procedures.models import RequiredPaper

WAITS_FOR = timedelta(hours=2)
MOST_FILES = 20
MOST_OF_A_DOSSIER = 60
TOO_MANY = f"Nhiều nhất {MOST_FILES} tệp trong một lần gửi. Các tệp sau chưa được nhận."
ENOUGH = (
    f"Hồ sơ này đã có {MOST_OF_A_DOSSIER} tệp, không nhận thêm được. "
    "Mời ông/bà mang giấy tờ còn lại đến bộ phận một cửa."
)
GONE = (
    f"Có tệp gửi đã quá {WAITS_FOR.seconds // 3600} giờ mà hồ sơ chưa nộp xong, nên máy chủ không "
    "còn giữ. Mời ông/bà xem lại các giấy tờ và chọn lại tệp còn thiếu."
)
# What is sent is kept before anything else is looked at; so sending is limited by address, and not
# only filing.
sendings = MissLimit("files", allowed=60, seconds=60 * 60)
_SALT = "dossiers.filing"


def keep(file: "UploadedFile[bytes]", required: RequiredPaper | None) -> Attachment:
    """Keep a file that was sent. Raises FileRefused with a sentence, and keeps nothing then."""
    kind = uploads.check(file)
    return Attachment.objects.create(
        required=required,
        name=uploads.shown_name(file.name or ""),
        kind=kind.value,
        size=file.size or 0,
        digest=uploads.digest_of(file),
        file=file,
        added_at=clock.now(),
    )


def keep_all(
    files: "Iterable[UploadedFile[bytes]]", required: RequiredPaper | None, room: int
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


def refusal(request: HttpRequest) -> BodyRefused | None:
    """Why the files of this request are not taken; None when they are, or when none were sent.
    Their sending is counted."""
    if not request.FILES:
        return bodies.files_refused(request)
    throw_away_forgotten()
    sent = sum(file.size or 0 for _, files in request.FILES.lists() for file in files)
    if _waiting_bytes() + sent > settings.MOTCUA_WAITING_MB * uploads.MEGABYTE:
        return bodies.WITHOUT_ROOM
    wait = sendings.count(address_of(request)) if bodies.is_stranger(request) else 0
    return BodyRefused(429, bodies.TOO_MUCH, wait) if wait else None


def _waiting_bytes() -> int:
    waiting = Attachment.objects.filter(dossier__isnull=True).order_by()
    return waiting.aggregate(bytes=Sum("size"))["bytes"] or 0


def reference(attachment: Attachment) -> str:
    """How a form names a waiting file: nobody can name another's."""
    return signing.dumps(attachment.pk, salt=_SALT)


def waiting(references: Iterable[str]) -> tuple[list[Attachment], bool]:
    """The files of these references that still wait for a dossier, in the order they came; and
    whether one has waited too long. What another dossier took, or nobody was given, is neither."""
    keys = set(filter(None, map(_key_of, references)))
    known = Attachment.objects.filter(pk__in=keys).order_by("pk")
    free = [attachment for attachment in known if attachment.dossier_id is None]
    oldest = clock.now() - WAITS_FOR
    young = [attachment for attachment in free if attachment.added_at > oldest]
    return young, len(young) < len(free) or len(known) < len(keys)


def _key_of(reference: str) -> int | None:
    try:
        key: int = signing.loads(reference, salt=_SALT)
    except signing.BadSignature:
        return None
    return key


def throw_away_forgotten(most: int = 100) -> int:
    """Delete files that no dossier took in time, and those that a clock that ran ahead has dated;
    how many."""
    now = clock.now()
    over = Q(added_at__lte=now - WAITS_FOR) | Q(added_at__gt=now + clock.TOLERANCE)
    forgotten = Attachment.objects.filter(over, dossier__isnull=True).order_by("pk")[:most]
    thrown = 0
    for attachment in forgotten:
        # A dossier may take it at this moment: who gets the row decides over the file.
        gone, _ = Attachment.objects.filter(pk=attachment.pk, dossier__isnull=True).delete()
        if gone:
            attachment.file.delete(save=False)
            thrown += 1
    return thrown
