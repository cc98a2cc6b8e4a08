"""Coming in: the log-in of staff."""

from typing import Any

from django.contrib.auth.views import LoginView


class StaffLogin(LoginView):
    """Django's log-in, without its `site`, which would hide the site of every other page."""

    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        del context["site"], context["site_name"]
        return context
