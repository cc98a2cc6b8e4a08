"""Searching and listing dossiers.

What is searched for may be a person's name or ID number, so it never stands in an address,
where logs and browsers would keep it: it is posted, kept in the session, and the list's address
carries only a short key to it. A receipt code alone may be asked for by address.
"""

import csv
from collections.abc import Callable, Iterator
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from dossiers.desk.later_entries import COLUMN as LATER
from dossiers.desk.later_entries import told_later
from dossiers.desk.queues import for_rows
from dossiers.desk.readings import record_taken_out
from dossiers.desk.time_left import tell_time_left
from dossiers.forms.search import SearchForm, scanned, search, sort, sort_key
from dossiers.models import Dossier, DossierQuerySet
from dossiers.rules.cards import LONGEST_CARD, is_of_a_card, read_card
from dossiers.rules.codes import LONGEST_TYPED
from motcua import clock
from motcua.access import READING_ROLES, StaffRequest, role_required
from motcua.templatetags.motcua_tags import vn_number
from motcua.text import no_formula
from motcua.web.kept_words import keep, kept
from motcua.web.paging import CappedPaginator, in_portions

PER_PAGE = 50
MOST_TAKEN_OUT = 10_000
CARD_NOT_READ = "Không đọc được thẻ vừa quét. Mời quét lại, hoặc gõ số trên thẻ."


@role_required(*READING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def dossier_list(request: StaffRequest) -> HttpResponse:
    typed = request.POST.get("q") if request.method == "POST" else request.GET.get("q")
    if typed is not None:
        return _look_for(request, _of_card(typed) or typed.strip()[:LONGEST_TYPED])
    text, form, found, order = _asked(request)
    page = CappedPaginator(found.values_list("pk", flat=True), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "form": form,
        "page": page,
        "lines": tell_time_left(_rows(list(page))),
        "order": order,
        "search_text": text or "",
        "is_forgotten": text is None,
        "has_many_offices": "office" in form.fields,
        "kept": {k: v for k, v in request.GET.items() if k in ("tim", "xep") and v},
    }
    return render(request, "dossiers/dossier_list.html", context)


@role_required(*READING_ROLES)
@require_safe
def dossier_export(request: StaffRequest) -> HttpResponse | StreamingHttpResponse:
    """The list as it is shown, whole, as CSV that spreadsheets open with its diacritics. It holds
    names, so that it is recorded as a reading of each dossier in it; one that is too long for
    that is not given out."""
    _, form, found, _ = _asked(request)
    total = found.order_by().count()
    if total > MOST_TAKEN_OUT:
        messages.warning(
            request,
            f"Danh sách này có {vn_number(total)} hồ sơ; mỗi lần tải được nhiều nhất "
            f"{vn_number(MOST_TAKEN_OUT)}. Mời lọc bớt, hoặc tải sổ theo dõi (XLSX).",
        )
        return redirect(f"{reverse('dossier_list')}?{request.GET.urlencode()}")
    # The key of a search, never its text, which may be a person's name.
    key = request.GET.get("tim", "")
    words = [*form.file_words, *([f"tim-{slugify(key[:12])}"] if key else [])]
    name = "-".join(["ho-so", f"{clock.today():%Y%m%d}", *words]) + ".csv"
    record_taken_out(found.order_by().values_list("pk", flat=True), by=request.user, file=name)
    response = StreamingHttpResponse(_csv(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _of_card(typed: str) -> str:
    """The number of the identity card whose text a scanner typed; empty where it is none."""
    card = read_card(typed[: LONGEST_CARD + 1])
    return card.number if card is not None else ""


def _look_for(request: StaffRequest, text: str) -> HttpResponse:
    """A code, or what one dossier alone has, goes straight to that; anything else to the list,
    without its text. That of a card that cannot be read is not kept, even for that."""
    if not text:
        return redirect("dossier_list")
    if is_of_a_card(text):
        messages.warning(request, CARD_NOT_READ)
        return redirect("dossier_list")
    dossier = scanned(request.user, text) or _sole(request, text)
    if dossier is not None:
        return redirect("dossier_detail", code=dossier.code)
    return redirect(f"{reverse('dossier_list')}?tim={keep(request, text)}")


def _sole(request: StaffRequest, text: str) -> Dossier | None:
    found = search(Dossier.objects.visible_to(request.user), text).order_by().only("code")[:2]
    return found[0] if len(found) == 1 else None


def _asked(request: StaffRequest) -> tuple[str | None, SearchForm, DossierQuerySet, str]:
    """What is asked for: the text (None when the session has forgotten it), the filters, the
    dossiers in their order, and that order."""
    text = kept(request, request.GET.get("tim", ""))
    form = SearchForm(request.GET, staff=request.user)
    found = form.narrow(Dossier.objects.visible_to(request.user))
    if text:
        found = search(found, text)
    chosen = request.GET.get("xep", "")
    order = sort_key(chosen)
    name = "" if chosen else text or ""
    return text, form, sort(found if text is not None else found.none(), order, name), order


def _rows(keys: list[int]) -> list[Dossier]:
    """The dossiers of one page in its order. Only theirs is read: on a late page the database
    would otherwise put together every row before it."""
    rows = for_rows(Dossier.objects.filter(pk__in=keys)).in_bulk()
    return [rows[key] for key in keys]


class _Echo:
    def write(self, value: str) -> str:
        return value


def _csv(dossiers: DossierQuerySet) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow([*(heading for heading, _ in COLUMNS), LATER, SOLVER])
    found = in_portions(dossiers.select_related("procedure", "sector", "office", "receiver"))
    for dossier, later in told_later(found):
        values = [no_formula(value(dossier)) for _, value in COLUMNS]
        yield writer.writerow([*values, "có" if later else "", no_formula(dossier.office.name)])


SOLVER = "Cơ quan giải quyết"
COLUMNS: tuple[tuple[str, Callable[[Dossier], str]], ...] = (
    ("Mã hồ sơ", lambda d: d.code),
    ("Nơi tiếp nhận", lambda d: d.receiver.name),
    ("Lĩnh vực", lambda d: d.sector.name),
    ("Thủ tục", lambda d: d.procedure.name),
    ("Cá nhân, tổ chức", lambda d: d.applicant_name),
    ("Địa chỉ", lambda d: d.address),
    ("Điện thoại", lambda d: d.phone),
    ("Hình thức nộp", lambda d: d.get_channel_display()),
    ("Tiếp nhận", lambda d: _moment(d.received_at)),
    ("Hẹn trả", lambda d: _moment(d.due_at)),
    ("Có kết quả", lambda d: _moment(d.resolved_at)),
    ("Trả kết quả", lambda d: _moment(d.handed_over_at)),
    ("Trạng thái", lambda d: d.state_words),
    ("Sớm, đúng, trễ", lambda d: d.get_timeliness_display()),
    ("Kết quả về", lambda d: d.concerns),
)


def _moment(moment: datetime | None) -> str:
    return f"{clock.local(moment):%d/%m/%Y %H:%M}" if moment else ""
