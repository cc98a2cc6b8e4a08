"""The same form sent twice: a double press, a browser that tries again when its line broke.

Every act refuses to be done twice by itself, by the token of its form or by the version that
the form is about. But the second form may not get as far: the first has changed the address, the
choices or who may act. Whatever stops it, it gets the answer of the first.
"""

import json
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate
from uuid import UUID, uuid5

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict

from motcua.access import P, Request, View
from motcua.models import Staff
from motcua.web.uploads import digest_of

# What a page fills in by itself; the rest of a form is what a person typed and chose.
OF_THE_PAGE = {"csrfmiddlewaretoken", "token", "seen", "due_shown", "next"}

FirstAnswer = Callable[Concatenate[Request, P], HttpResponse | None]
FormView = View[Request, P, HttpResponse]


def same_answer(
    first: FirstAnswer[Request, P], *, beforehand: bool = False
) -> Callable[[FormView[Request, P]], FormView[Request, P]]:
    """A view of a form that may come twice.

    `first` takes what the view takes, and finds the answer to a form that this very person has
    sent before; None where nobody has, or somebody else. It is asked when the view goes on to no
    other page: so the first press pays nothing, and one that came in between is seen as well.
    `beforehand`: asked before the view too, where looking at a form already keeps something.
    """

    def decorate(view: FormView[Request, P]) -> FormView[Request, P]:
        @wraps(view)
        def run(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method != "POST":
                return view(request, *args, **kwargs)
            again = first(request, *args, **kwargs) if beforehand else None
            if again is not None:
                return again
            try:
                response = view(request, *args, **kwargs)
            except (Http404, PermissionDenied):
                again = first(request, *args, **kwargs)
                if again is None:
                    raise
                return again
            if 300 <= response.status_code < 400:
                return response
            return first(request, *args, **kwargs) or response

        return run

    return decorate


def token_of(request: HttpRequest) -> UUID | None:
    """The token that the page laid into its form; None without one, or with none that is one."""
    try:
        return UUID(request.POST.get("token", ""))
    except ValueError:
        return None


def token_of_what_was_typed(data: Mapping[str, Any]) -> UUID | None:
    """The page's token together with what was typed: the same page sent again with something else
    (its line broke, and the person went on typing) is not the act that was done already, and is
    not told to be."""
    fields = data.lists() if isinstance(data, QueryDict) else data.items()
    typed = sorted((name, values) for name, values in fields if name not in OF_THE_PAGE)
    try:
        return uuid5(UUID(str(data.get("token", ""))), json.dumps(typed))
    except ValueError:
        return None


def token_of_what_was_sent(request: HttpRequest) -> UUID | None:
    """As `token_of_what_was_typed`, together with the files: others sent from the same page are not
    told to be those that came already."""
    typed = token_of_what_was_typed(request.POST)
    if typed is None:
        return None
    files = request.FILES.lists()
    sent = [(field, [(f.name, digest_of(f)) for f in those]) for field, those in files]
    return uuid5(typed, json.dumps(sorted(sent)))


def own_token(token: UUID | None, by: Staff | None) -> UUID | None:
    """The token as it is kept: an officer's is one of his own, so that somebody else who sends
    the same token is told nothing and hinders nothing. A citizen, `by` None, has only the token.
    """
    return uuid5(token, str(by.pk)) if token and by else token
