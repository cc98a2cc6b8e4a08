"""Filing online (mức độ 3): a citizen sends a procedure's papers without an account; the desk
accepts, asks for more or declines. Paying and collecting stay at the desk."""

from contextlib import suppress
from typing import Any
from uuid import UUID, uuid4

from django.core import signing
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from dossiers.citizens import filing
from dossiers.desk.same_request import (
    came_in_today,
    current,
    of_same_name,
    surely_same_requests,
)
from dossiers.forms import fields
from dossiers.forms.doubts import Doubt, asked_before, to_citizen, typed_doubts, unanswered
from dossiers.forms.filing import FilingSheet
from dossiers.lifecycle import perform
from dossiers.lifecycle.acts import begun_before
from dossiers.lifecycle.intake import Intake
from dossiers.models import Dossier
from dossiers.rules.states import MoveRefused
from dossiers.views.papers import visible_dossier
from motcua import clock
from motcua.access import StaffRequest, staff_required
from motcua.text import tidy
from motcua.web import bodies, uploads
from motcua.web.bodies import BodyRefused
from motcua.web.public_pages import kept_by_nobody, render_public
from motcua.web.sent_twice import same_answer, token_of
from motcua.web.throttle import MissLimit, address_of
from motcua.web.uploads import FileKind
from procedures.models import Procedure, ProcedureVersion
from procedures.offering import files_online

# A family, or a shop that helps its customers, files several in an hour; nobody files fifty.
filings = MissLimit("filing", allowed=20, seconds=60 * 60)
TOO_MANY = "Từ địa chỉ này đã nộp nhiều hồ sơ trong một giờ qua."
_SALT = "dossiers.filed"  # addresses with the moment in them, given out before
_signer = signing.Signer(salt="dossiers.filed.once")


# Which dossiers this browser filed lately: its own, so that it may be told of them.
FILED_HERE = "filed"
MOST_FILED_HERE = 10
FILED_TODAY = "Từ trình duyệt này hôm nay đã nộp thủ tục này cho người này rồi. Vẫn nộp thêm?"
SEEMS_FILED = (
    "Có vẻ ông/bà đã nộp thủ tục này ở đây rồi. Mời tra cứu bằng mã đã nhận, hoặc hỏi bộ phận một "
    "cửa. Vẫn nộp thêm?"
)
NOWHERE = "Thủ tục này chưa nhận hồ sơ trực tuyến. Mời ông/bà nộp tại bộ phận một cửa."
USED = (
    "Trang này đã nộp một hồ sơ rồi. Những gì vừa nhập là hồ sơ khác và chưa được nộp. Nếu đúng là "
    "hồ sơ mới, mời bấm “Nộp hồ sơ” lần nữa."
)


def _first_filing(request: HttpRequest, key: str) -> HttpResponse | None:
    """What became of this very filing before; not of another person's, typed over it."""
    dossier = begun_before(token_of(request), None)
    if dossier is None or not _is_of(dossier, key, request):
        return None
    return _filed(dossier)


@bodies.takes(bodies.LARGEST_REQUEST)
@require_http_methods(["GET", "HEAD", "POST"])
@same_answer(_first_filing, beforehand=True)
def file_online(request: HttpRequest, key: str) -> HttpResponse:
    procedure, version = _offered(key)
    if request.method != "POST":
        sheet = FilingSheet(procedure, version, office_code=request.GET.get("noi", ""))
        if not sheet.form.offices:
            raise Http404(NOWHERE)
        return _page(request, sheet, uuid4())
    token = token_of(request) or uuid4()
    too_many = _too_many(request)
    later = too_many or filing.refusal(request)
    if later is not None:
        # What was typed and the files of earlier turns stay; new files are not taken.
        sheet = FilingSheet(procedure, version, request.POST)
        context = {"later": later, "files_alone": too_many is None}
        return later.told(_page(request, sheet, token, status=later.status, **context))
    sheet = FilingSheet(procedure, version, request.POST, request.FILES)
    if not sheet.is_valid():
        return _page(request, sheet, token, status=422)
    intake = sheet.intake()
    doubts = _doubts(request, sheet, intake)
    used = begun_before(token, None) is not None
    if doubts:
        asked = [*asked_before(request.POST), *(doubt.key for doubt in doubts)]
        token = uuid4() if used else token
        return _page(request, sheet, token, status=422, doubts=doubts, asked=asked)
    if used:
        sheet.form.add_error(None, USED)
        return _page(request, sheet, uuid4(), status=422)
    try:
        dossier = perform.submit(intake, sheet.attachments, token=token)
    except MoveRefused as refused:
        sheet.form.add_error(None, str(refused))
        return _page(request, sheet, token, status=409)
    if bodies.is_stranger(request):
        filings.count(address_of(request))
        _remember(request, dossier)
    return _filed(dossier)


def _doubts(request: HttpRequest, sheet: FilingSheet, intake: Intake) -> list[Doubt]:
    """What is asked about once before it is filed. A stranger is told nothing of a dossier but
    that there seems to be one, and each such answer counts as a filing."""
    doubts = [to_citizen(doubt) for doubt in typed_doubts(sheet.form.cleaned_data)]
    ours = Dossier.objects.filter(pk__in=request.session.get(FILED_HERE, []))
    here = of_same_name(filter(came_in_today, current(lambda: ours, intake)), intake)
    if here:
        link = reverse("filed", args=[receipt_of(here[0])])
        doubts.append(Doubt(FILED_TODAY, link=link, link_words="Xem hồ sơ đã nộp"))
    elif surely_same_requests(intake):
        doubts.append(Doubt(SEEMS_FILED, link=reverse("lookup"), link_words="Tra cứu hồ sơ"))
    new = unanswered(doubts, request.POST)
    if any(doubt.sentence == SEEMS_FILED for doubt in new) and bodies.is_stranger(request):
        filings.count(address_of(request))
    return new


def _remember(request: HttpRequest, dossier: Dossier) -> None:
    filed = request.session.get(FILED_HERE, [])
    request.session[FILED_HERE] = [*filed, dossier.pk][-MOST_FILED_HERE:]


def _is_of(dossier: Dossier, key: str, request: HttpRequest) -> bool:
    """Whether the dossier that the token led to is the one that this form files. The form is read
    as it came: it may be one that could not be filed any more."""
    typed = request.POST
    same = [tidy(typed.get("applicant_name", "")) == dossier.applicant_name]
    with suppress(ValidationError):
        same.append(fields.phone(typed.get("phone", "")) == dossier.phone)
    with suppress(ValidationError):
        organisation = typed.get("applicant_kind") == Dossier.ApplicantKind.ORGANISATION
        number = typed.get("applicant_id", "")
        read = fields.tax_code if organisation else lambda text: fields.identity(text).value
        same.append((read(number) if number.strip() else "") == dossier.applicant_id)
    return dossier.procedure.key == key and all(same)


@require_safe
def filed(request: HttpRequest, receipt: str) -> HttpResponse:
    """What became of a filing: its code. The address is signed, so that nobody tries numbers."""
    try:
        key = _key_in(receipt)
    except signing.BadSignature as bad:
        raise Http404("Địa chỉ này không đúng.") from bad
    dossier = get_object_or_404(Dossier.objects.select_related("office", "procedure"), pk=key)
    context = {
        "code": dossier.submission_code or dossier.code,
        "procedure": dossier.procedure,
        "office": dossier.office,
        "files": dossier.attachments.count(),
    }
    return kept_by_nobody(render_public(request, "dossiers/filed.html", context))


@staff_required
@require_safe
def attachment(request: StaffRequest, code: str, number: int) -> HttpResponseBase:
    """A scan of a dossier, for who may see the dossier; opening it is reading the dossier."""
    dossier = visible_dossier(request, code)
    found = get_object_or_404(dossier.attachments, pk=number)
    perform.record_read(dossier, by=request.user)
    try:
        return uploads.serve(found.file, FileKind(found.kind), found.name)
    except FileNotFoundError as lost:
        raise Http404("Tệp này không còn trên máy chủ. Mời hỏi người quản trị.") from lost


def _filed(dossier: Dossier) -> HttpResponse:
    return redirect("filed", receipt_of(dossier))


def receipt_of(dossier: Dossier) -> str:
    """The signed part of the address that shows the code of a filing: always the same."""
    return _signer.sign_object(dossier.pk)


def _key_in(receipt: str) -> int:
    try:
        key: int = _signer.unsign_object(receipt)
    except signing.BadSignature:
        key = signing.loads(receipt, salt=_SALT)
    return key


def _offered(key: str) -> tuple[Procedure, ProcedureVersion]:
    procedure = get_object_or_404(Procedure.objects.select_related("sector"), key=key)
    version = procedure.version_on(clock.today())
    if version is None or not files_online(procedure, version):
        raise Http404(NOWHERE)
    return procedure, version


def _too_many(request: HttpRequest) -> BodyRefused | None:
    wait = filings.wait_for(address_of(request)) if bodies.is_stranger(request) else 0
    return BodyRefused(429, TOO_MANY, wait) if wait else None


def _page(
    request: HttpRequest, sheet: FilingSheet, token: UUID, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "sheet": sheet,
        "asked": asked_before(request.POST),
        "form": sheet.form,
        "procedure": sheet.procedure,
        "token": token,
        "megabytes": uploads.LARGEST_FILE // uploads.MEGABYTE,
        "most": filing.MOST_FILES,
        "hours": filing.WAITS_FOR.seconds // 3600,
        **more,
    }
    response = render_public(request, "dossiers/file_online.html", context, status=status)
    response = kept_by_nobody(response)
    # A form that tells no origin is refused as forged; the address holds nothing of anybody.
    response.headers["Referrer-Policy"] = "same-origin"
    return response
