"""How large a request may be, and whether its files are taken: decided before anything of it is
read, since files are laid on the disk while they are read.

An address takes a form, and no more unless its view says so. Files that are not taken are read
past, so that the page can show again what was typed. Sizes are in bytes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import Any, TypeVar

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import Resolver404, resolve

from motcua.web import disk
from motcua.web.throttle import MissLimit, address_of

Marked = TypeVar("Marked", bound=Callable[..., HttpResponseBase])

KILOBYTE = 1024
MEGABYTE = 1024 * KILOBYTE
# About ninety thousand Vietnamese characters as a browser sends them; the texts and papers of the
# fullest procedure that is shipped take 7 kB.
LARGEST_FORM = 256 * KILOBYTE
# One file after the other; the largest number of files of the largest size is not sent at once.
LARGEST_REQUEST = 40 * MEGABYTE
SECONDS_WITHOUT_ROOM = 30 * 60
NO_ROOM = "Máy chủ tạm thời không còn chỗ cho tệp, nên các tệp vừa chọn chưa được nhận."
TOO_MUCH = "Từ địa chỉ này đã gửi nhiều tệp trong một giờ qua, nên các tệp vừa chọn chưa được nhận."
# In kB, so that the count fits its column.
budget = MissLimit("bytes", allowed=settings.MOTCUA_UPLOAD_MB * 1024, seconds=60 * 60)


@dataclass(frozen=True)
class BodyRefused:
    """Why the files of a request are not taken, and when they may be sent again."""

    status: int
    sentence: str
    seconds: int

    @property
    def minutes(self) -> int:
        return ceil(self.seconds / 60)

    def told(self, response: HttpResponse) -> HttpResponse:
        """The page that says so, with the time that a program reads."""
        response.headers["Retry-After"] = str(self.seconds)
        return response


# 503 and not 507: it is what a full disk is answered with everywhere else, and it bears a time.
WITHOUT_ROOM = BodyRefused(503, NO_ROOM, SECONDS_WITHOUT_ROOM)


def takes(largest: int) -> Callable[[Marked], Marked]:
    """For a view whose page lets files be chosen: a whole request may be this large."""

    def mark(view: Marked) -> Marked:
        # A function may bear what it likes; no type says so.
        view.largest_body = largest  # type: ignore[attr-defined]
        return view

    return mark


def within_bounds(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: a request too large for its address is refused before it is read; files are
    read past when there is no room for them, or when a stranger has sent his share."""

    def respond(request: HttpRequest) -> HttpResponse:
        if "HTTP_TRANSFER_ENCODING" in request.META and not request.META.get("CONTENT_LENGTH"):
            return render(request, "413.html", {"no_length": True}, status=411)
        length = _length(request)
        if length > LARGEST_FORM and length > (most := _largest_at(request.path_info)):
            context = {"megabytes": most // MEGABYTE, "kilobytes": most // KILOBYTE}
            return render(request, "413.html", context, status=413)
        refused = _refusal(request, length) if length else None
        if refused is not None:
            request.upload_handlers = [_ReadPast(request, refused)]
        return get_response(request)

    return respond


def files_refused(request: HttpRequest) -> BodyRefused | None:
    """Why files of this request were read past; None when there were none."""
    _ = request.POST  # reads the body, if nobody has
    readers = (one for one in request.upload_handlers if isinstance(one, _ReadPast))
    return next((one.refused for one in readers if one.has_met_a_file), None)


def is_stranger(request: HttpRequest) -> bool:
    """Whether limits of an address bind who asks: staff share theirs with a hall of citizens."""
    return not request.user.is_authenticated


class _ReadPast(FileUploadHandler):
    """Keeps no file, and tells the view that there was one."""

    def __init__(self, request: HttpRequest, refused: BodyRefused) -> None:
        super().__init__(request)
        self.refused = refused
        self.has_met_a_file = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        self.has_met_a_file = True
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        return None

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        return None


def _length(request: HttpRequest) -> int:
    try:  # as Django reads it: what is no number is nothing to read
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _largest_at(path: str) -> int:
    try:
        view = resolve(path).func
    except Resolver404:
        return LARGEST_FORM
    return getattr(getattr(view, "view_class", view), "largest_body", LARGEST_FORM)


def _refusal(request: HttpRequest, length: int) -> BodyRefused | None:
    if not disk.has_room_for_files():
        return WITHOUT_ROOM
    if length <= LARGEST_FORM or not is_stranger(request):
        return None
    address, size = address_of(request), ceil(length / KILOBYTE)
    wait = budget.wait_for(address, size) or budget.count(address, size)
    return BodyRefused(429, TOO_MUCH, wait) if wait else None
