"""Coming in and going out: the log-in of staff, step by step."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.password_validation import password_validators_help_texts
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from motcua.access import StaffRequest, staff_required
from motcua.accounts import known_browsers, lockout, login_steps, resend, second_factor
from motcua.accounts.forms import CodeForm, FirstCodeForm, FirstPasswordForm, LoginForm, locked
from motcua.accounts.login_steps import LoginState
from motcua.models import LoginEvent, Staff
from motcua.printing.barcodes import qr_svg
from motcua.web.bodies import LARGEST_FORM

PageView = Callable[[HttpRequest], HttpResponse]
StepView = Callable[[HttpRequest, Staff, LoginState], HttpResponse]

NEW_SECRET = "new_factor"  # noqa: S105  (a key of the session)


class StaffLogin(LoginView):
    """Django's log-in, without its `site`, which would hide the site of every other page; whoever
    gives the right password goes on to what else is asked (`coming_in`)."""

    redirect_authenticated_user = True
    authentication_form = LoginForm
    # It carries what was typed before a session ended; a letter is sent as nine bytes at most.
    largest_body = 9 * resend.LONGEST + LARGEST_FORM

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        target = self.get_success_url()
        typed = resend.read(self.request.POST.get(resend.NAME, ""))
        if typed is not None:
            self.request.session[resend.NAME] = typed
            target = reverse("login_resume")
        return login_steps.go_on(self.request, form.get_user(), target)

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_invalid(form)
        if isinstance(form, LoginForm) and form.wait:
            response.status_code = 429
            response.headers["Retry-After"] = str(form.wait)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        del context["site"], context["site_name"]
        ended = settings.SESSION_COOKIE_NAME in self.request.COOKIES
        context["has_ended"] = ended and SESSION_KEY not in self.request.session
        context["idle_hours"] = settings.MOTCUA_IDLE_HOURS
        context[resend.NAME] = self.request.POST.get(resend.NAME, "")
        return context


class StaffLogout(LogoutView):
    next_page = "login"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            lockout.record(request, LoginEvent.Kind.OUT, request.user)
        response = super().post(request, *args, **kwargs)
        # Whoever sits down next at this machine finds no page of the one before by going back.
        response.headers["Clear-Site-Data"] = '"cache"'
        return response


@staff_required
@require_safe
def resume(request: StaffRequest) -> HttpResponse:
    """What was typed before the session ended, to be sent again with one press."""
    typed = request.session.get(resend.NAME)
    if typed is None:
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "registration/resume.html", {"kept": typed})


def sent(request: HttpRequest) -> QueryDict | None:
    """What was typed, or nothing when the page is only looked at."""
    return request.POST if request.method == "POST" else None


def at_step(step: str) -> Callable[[StepView], PageView]:
    """A view for who stands at this step of coming in; anybody else begins at the log-in."""

    def decorate(view: StepView) -> PageView:
        @sensitive_post_parameters()
        @never_cache
        @wraps(view)
        def guarded(request: HttpRequest) -> HttpResponse:
            found = login_steps.on_the_way(request, step)
            if found is None:
                request.session.pop(login_steps.STATE, None)
                return redirect("login")
            return view(request, *found)

        return guarded

    return decorate


@at_step("login_code")
def code(request: HttpRequest, staff: Staff, state: LoginState) -> HttpResponse:
    """The second factor: a code from the telephone, or one from paper."""
    form = CodeForm(sent(request))
    if request.method != "POST" or not form.is_valid():
        return render(request, "registration/code.html", {"form": form})
    wait = lockout.attempt(request, staff.username)
    how = "" if wait else second_factor.take(staff, form.cleaned_data["code"])
    if how:
        lockout.passed(request, staff)
        return login_steps.go_on(request, staff, state["target"], code_done=True, note=how)
    wait = wait or lockout.failed(request, staff.username, LoginEvent.Kind.WRONG_CODE, staff)
    if wait:
        del request.session[login_steps.STATE]
        messages.error(request, locked(wait).message)
        return redirect("login")
    form.add_error("code", "Mã chưa đúng hoặc đã dùng rồi. Mời đợi mã mới trên điện thoại.")
    return render(request, "registration/code.html", {"form": form}, status=422)


@at_step("login_password")
def first_password(request: HttpRequest, staff: Staff, state: LoginState) -> HttpResponse:
    """A password of one's own, in place of the one that an administrator gave."""
    form = FirstPasswordForm(staff, sent(request))
    if request.method == "POST" and form.is_valid():
        form.save()
        lockout.record(request, LoginEvent.Kind.PASSWORD_CHANGED, staff)
        done, note = state["code_done"], state["note"]
        return login_steps.go_on(request, staff, state["target"], code_done=done, note=note)
    context = {"form": form, "rules": password_validators_help_texts()}
    status = 422 if form.errors else 200
    return render(request, "registration/first_password.html", context, status=status)


@at_step("login_factor")
def first_factor(request: HttpRequest, staff: Staff, state: LoginState) -> HttpResponse:
    """The second factor that the office asks of this person's roles, set up before coming in."""
    form = FirstCodeForm(sent(request))
    codes = confirm_factor(request, staff, form)
    if codes is None:
        context = factor_context(request, staff, form)
        status = 422 if form.errors else 200
        return render(request, "registration/factor.html", context, status=status)
    came = login_steps.enter(request, staff, "vừa bật xác thực hai lớp")
    context = {"codes": codes, "target": state["target"]}
    page = render(request, "registration/codes.html", context)
    return known_browsers.remember(request, page, staff, came)


def confirm_factor(request: HttpRequest, staff: Staff, form: CodeForm) -> list[str] | None:
    """Keep the secret of this session when the telephone has shown its code: the recovery codes."""
    secret = request.session.get(NEW_SECRET)
    if request.method != "POST" or secret is None or not form.is_valid():
        return None
    codes = second_factor.set_up(staff, secret, form.cleaned_data["code"])
    if codes is None:
        form.add_error(
            "code", "Mã chưa khớp. Mời xem giờ trên điện thoại có đúng không, rồi nhập mã mới."
        )
        return None
    del request.session[NEW_SECRET]
    lockout.record(request, LoginEvent.Kind.FACTOR_ON, staff)
    return codes


def factor_context(request: HttpRequest, staff: Staff, form: CodeForm) -> dict[str, Any]:
    """The secret as a picture and as groups of four letters, the same until it is confirmed."""
    secret = request.session.setdefault(NEW_SECRET, second_factor.new_secret())
    groups = [secret[at : at + 4] for at in range(0, len(secret), 4)]
    return {
        "form": form,
        "qr": qr_svg(second_factor.address_of(secret, staff)),
        "secret": " ".join(groups),
    }
