"""A citizen's own dossier, opened by code and four digits for twenty minutes.

The digits are posted and kept nowhere; which dossier is open stands in the session, so that
neither they nor the code stand in an address. The pages ask browsers to tell our own server,
and others, no more than the host they came from ("no-referrer" would also hide it from the
check that a form was sent by our own page).
"""

from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dossiers.citizens import filing, proof
from dossiers.citizens.own_dossier import OwnDossier, own_dossier
from dossiers.citizens.ratings import CHANGE_WITHIN, RatingRefused, may_still_change, rate
from dossiers.forms.own import FilesForm, ProofForm, RatingForm
from dossiers.lifecycle import perform
from dossiers.lifecycle.acts import done_before
from dossiers.models import Attachment
from dossiers.rules.states import MoveRefused
from motcua import clock
from motcua.web import bodies
from motcua.web.public_pages import kept_by_nobody, render_public
from motcua.web.sent_twice import same_answer, token_of_what_was_sent
from motcua.web.throttle import address_of
from procedures.opening import hours_on_the_board

OPEN_MINUTES = 20
SESSION_KEY = "own_dossier"
MISS = (
    "Mã hồ sơ và bốn số cuối không khớp với hồ sơ nào. Mời ông/bà xem lại mã trên giấy hẹn và số "
    "đã ghi khi nộp. Nếu khi nộp ông/bà chưa để lại số nào, mời ông/bà đến bộ phận một cửa."
)
OVER = (
    f"Trang hồ sơ chỉ mở trong {OPEN_MINUTES} phút và đã đóng lại. "
    "Mời ông/bà nhập mã và bốn số cuối một lần nữa."
)
NOT_SENT = f"Các tệp vừa chọn chưa được gửi. {OVER}"
NOT_NOW = (
    "{why.sentence} Mời ông/bà chọn và gửi lại sau {why.minutes} phút, hoặc mang giấy tờ đến bộ "
    "phận một cửa."
)
NOT_SAVED = f"Đánh giá vừa gửi chưa được lưu. {OVER}"


@require_http_methods(["GET", "HEAD", "POST"])
def own_prove(request: HttpRequest) -> HttpResponse:
    """Asks for code and digits; the page asks the database nothing before both are sent."""
    if request.method != "POST":
        return door(request, ProofForm(initial={"ma": request.GET.get("ma", "")}))
    form = ProofForm(request.POST)
    if not form.is_valid():
        return door(request, form, status=400)
    try:
        pk = proof.prove(form.cleaned_data["ma"], form.cleaned_data["so"], address_of(request))
    except proof.TooManyTries as refused:
        response = door(request, form, status=429, minutes=-(-refused.seconds // 60))
        response.headers["Retry-After"] = str(refused.seconds)
        return response
    if pk is None:
        return door(request, form, status=403, sentence=MISS)
    request.session.cycle_key()
    until = int(clock.now().timestamp()) + OPEN_MINUTES * 60
    request.session[SESSION_KEY] = {"pk": pk, "until": until}
    return redirect("own_dossier")


def door(request: HttpRequest, form: ProofForm, *, status: int = 200, **words: Any) -> HttpResponse:
    """The page that asks for code and digits; `words` say why, see the template."""
    context = {"form": form, **words}
    return _kept(render_public(request, "dossiers/own_prove.html", context, status=status))


@require_safe
def own_page(request: HttpRequest) -> HttpResponse:
    own = _opened(request)
    if own is None:
        return door(request, ProofForm(), status=403, sentence=OVER)
    perform.record_read(own.dossier, by=None)
    return _page(request, own, RatingForm(rating=own.rating))


@require_POST
def own_rate(request: HttpRequest) -> HttpResponse:
    own = _opened(request)
    if own is None:
        return door(request, ProofForm(), status=403, sentence=NOT_SAVED)
    form = RatingForm(request.POST, rating=own.rating)
    if form.is_valid():
        try:
            rate(own.dossier, form.scores, form.cleaned_data["gop-y"])
        except RatingRefused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect(f"{reverse('own_dossier')}#danh-gia")
    return _page(request, own, form, status=400)


def _first_files(request: HttpRequest) -> HttpResponse | None:
    """The files of this form are with the dossier already, all of them."""
    own, event = _opened(request), done_before(token_of_what_was_sent(request), None)
    if own is None or event is None or event.dossier_id != own.dossier.pk:
        return None
    all_taken = event.details.get("files") == len(request.FILES.getlist("tep"))
    return redirect(f"{reverse('own_dossier')}#gui-them") if all_taken else None


@bodies.takes(bodies.LARGEST_REQUEST)
@require_POST
@same_answer(_first_files, beforehand=True)
def own_attach(request: HttpRequest) -> HttpResponse:
    """More scans for a dossier that waits for papers; those that are good are taken though another
    is not."""
    own = _opened(request)
    if own is None:
        return door(request, ProofForm(), status=403, sentence=NOT_SENT)
    # What would not be taken is not kept either.
    sent = request.FILES.getlist("tep") if own.takes_files else []
    why = filing.refusal(request) if own.takes_files else None
    if why is not None:
        return why.told(_not_attached(request, own, why.status, [NOT_NOW.format(why=why)], []))
    room = filing.MOST_OF_A_DOSSIER - own.dossier.attachments.count()
    if sent and room <= 0:
        return _not_attached(request, own, 422, [filing.ENOUGH], [])
    kept, refused = filing.keep_all(sent, None, min(room, filing.MOST_FILES))
    try:
        perform.attach(
            own.dossier, by=None, attachments=kept, token=token_of_what_was_sent(request)
        )
    except MoveRefused as sentence:
        refused.append(str(sentence))
    if not refused:
        return redirect(f"{reverse('own_dossier')}#gui-them")
    return _not_attached(request, own, 422, refused, kept)


@require_POST
def own_close(request: HttpRequest) -> HttpResponse:
    """The phone may be somebody else's."""
    request.session.pop(SESSION_KEY, None)
    return redirect("lookup")


def _not_attached(
    request: HttpRequest,
    own: OwnDossier,
    status: int,
    refused: list[str],
    taken: list[Attachment],
) -> HttpResponse:
    form = RatingForm(rating=own.rating)
    return _page(request, own, form, status=status, files=FilesForm(refused), taken=taken)


def _opened(request: HttpRequest) -> OwnDossier | None:
    """The dossier that this browser has opened, while its time is not over."""
    kept: dict[str, int] | None = request.session.get(SESSION_KEY)
    if kept is None:
        return None
    left = kept["until"] - clock.now().timestamp()
    if not 0 < left <= OPEN_MINUTES * 60:
        return None
    return own_dossier(kept["pk"])


def _page(
    request: HttpRequest, own: OwnDossier, form: RatingForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    rating = own.rating
    context = {
        "own": own,
        "progress": own.progress,
        "hours": hours_on_the_board(own.progress.office, clock.today()),
        "form": form if own.may_be_rated and form.criteria else None,
        "may_rate": rating is None or may_still_change(rating),
        "change_until": rating.rated_at + CHANGE_WITHIN if rating else None,
        "minutes": OPEN_MINUTES,
        "token": uuid4(),
        "sent": own.dossier.attachments.all() if own.takes_files else (),
        "files": FilesForm(),
        **more,
    }
    return _kept(render_public(request, "dossiers/own.html", context, status=status))


def _kept(response: HttpResponse) -> HttpResponse:
    response = kept_by_nobody(response)
    response.headers["Referrer-Policy"] = "strict-origin"
    return response
