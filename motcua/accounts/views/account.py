"""A person's own account: password, second factor, and who came in under this name."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.password_validation import password_validators_help_texts
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.access import StaffRequest, staff_required
from motcua.accounts import known_browsers, lockout, second_factor
from motcua.accounts.forms import ChangePasswordForm, FactorOnForm, PasswordAgainForm
from motcua.accounts.views.login import confirm_factor, factor_context, sent
from motcua.models import LoginEvent

LATELY = 10
forms_of_the_account = require_http_methods(["GET", "HEAD", "POST"])


@staff_required
@require_safe
def account(request: StaffRequest) -> HttpResponse:
    staff = request.user
    context = {
        "factor": second_factor.factor_of(staff),
        "factor_is_required": second_factor.is_required(staff),
        "events": staff.login_events.select_related("by")[:LATELY],
    }
    return render(request, "registration/account.html", context)


@staff_required
@require_POST
def keys(request: StaffRequest) -> HttpResponse:
    """Letters as shortcuts, on or off for this person."""
    staff = request.user
    staff.letter_keys = request.POST.get("letter_keys") == "on"
    staff.save(update_fields=["letter_keys"])
    said = "Đã bật" if staff.letter_keys else "Đã tắt"
    messages.success(request, f"{said} phím tắt một chữ.")
    return redirect("account")


@staff_required
@forms_of_the_account
@sensitive_post_parameters()
def password(request: StaffRequest) -> HttpResponse:
    """A new password; whoever else is logged in under this name is logged out."""
    form = ChangePasswordForm(request, sent(request))
    if request.method == "POST" and form.is_valid():
        known_by = known_browsers.entry(request, request.user.username)
        staff = form.save()
        update_session_auth_hash(request, staff)
        lockout.record(request, LoginEvent.Kind.PASSWORD_CHANGED, staff)
        messages.success(request, "Đã đổi mật khẩu. Các máy khác đang mở tài khoản này đã thoát.")
        return known_browsers.keep(request, redirect("account"), staff, known_by)
    context = {"form": form, "rules": password_validators_help_texts()}
    status = 422 if form.errors else 200
    return render(request, "registration/password.html", context, status=status)


@staff_required
@forms_of_the_account
@sensitive_post_parameters()
def factor(request: StaffRequest) -> HttpResponse:
    """Set up the second factor, by password; who has one already removes it first."""
    if second_factor.factor_of(request.user) is not None:
        return redirect("account")
    form = FactorOnForm(request, sent(request))
    codes = confirm_factor(request, request.user, form)
    if codes is not None:
        return render(request, "registration/account_codes.html", {"codes": codes})
    context = factor_context(request, request.user, form)
    status = 422 if form.errors else 200
    return render(request, "registration/account_factor.html", context, status=status)


@staff_required
@forms_of_the_account
@sensitive_post_parameters()
def factor_off(request: StaffRequest) -> HttpResponse:
    """Remove the second factor, by password, where the office does not ask for one."""
    staff = request.user
    if second_factor.is_required(staff) or second_factor.factor_of(staff) is None:
        return redirect("account")
    form = PasswordAgainForm(request, sent(request))
    if request.method == "POST" and form.is_valid():
        second_factor.remove(staff)
        lockout.record(request, LoginEvent.Kind.FACTOR_OFF, staff)
        messages.success(request, "Đã tắt xác thực hai lớp.")
        return redirect("account")
    return render(
        request,
        "registration/factor_off.html",
        {"form": form},
        status=422 if form.errors else 200,
    )


@staff_required
@forms_of_the_account
@sensitive_post_parameters()
def codes(request: StaffRequest) -> HttpResponse:
    """New recovery codes, by password; those from before are good no more."""
    if second_factor.factor_of(request.user) is None:
        return redirect("account")
    form = PasswordAgainForm(request, sent(request))
    if request.method == "POST" and form.is_valid():
        new = second_factor.renew_codes(request.user)
        lockout.record(request, LoginEvent.Kind.FACTOR_ON, request.user, note="mã dự phòng mới")
        return render(request, "registration/account_codes.html", {"codes": new})
    return render(
        request,
        "registration/renew_codes.html",
        {"form": form},
        status=422 if form.errors else 200,
    )
