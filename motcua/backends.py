"""Who is logged in, with the office and division that nearly every page asks for."""

from django.contrib.auth.backends import ModelBackend

from motcua.models import Staff


class StaffBackend(ModelBackend):
    """Django's own, but one statement brings the person with office (and those above it, whose
    codes a receipt code may need) and division."""

    def get_user(self, user_id: int) -> Staff | None:
        found = Staff.objects.select_related("office__parent__parent", "division")
        staff = found.filter(pk=user_id).order_by().first()
        return staff if staff is not None and self.user_can_authenticate(staff) else None
