"""What verbs look up beside the dossier: each office's calendar and each procedure's version are
read once, and what was reckoned is remembered."""

from collections import defaultdict
from datetime import date, datetime

from dossiers.lifecycle import due_dates
from dossiers.rules import deadlines
from dossiers.rules.deadlines import Due
from dossiers.rules.states import MoveRefused
from motcua import clock
from motcua.models import Office
from procedures.calendar import calendar_for
from procedures.models import PaperHandOver, Procedure, ProcedureVersion
from procedures.workdays import NoCalendarData, WorkingCalendar

MOST_REMEMBERED = 100_000
NO_LIMIT = (
    "Thời hạn giải quyết của thủ tục này chưa rõ nên chưa hẹn trả được. Người quản trị cần ghi "
    "thời hạn trước khi tiếp nhận."
)


class ReferenceData:
    """Calendars, versions and due dates, read when they are first asked for; and the moment."""

    def __init__(self) -> None:
        self.now = clock.now()
        self._calendars: dict[int, WorkingCalendar] = {}
        self._versions: dict[tuple[int, date], ProcedureVersion | None] = {}
        self._dues: dict[tuple[int, int, int, datetime], Due] = {}
        self._paper_days: dict[date, int] = {}

    def paper_days(self, day: date) -> int:
        """The working days within which papers reach the office that they were received for."""
        if day not in self._paper_days:
            self._paper_days[day] = PaperHandOver.objects.days_on(day)
        return self._paper_days[day]

    def calendar(self, office: Office) -> WorkingCalendar:
        if office.pk not in self._calendars:
            self._calendars[office.pk] = calendar_for(office)
        return self._calendars[office.pk]

    def version(
        self, procedure: Procedure, day: date, field: str = "procedure"
    ) -> ProcedureVersion:
        """The version in force on the day. Where there is none, MoveRefused, with `field` at
        fault."""
        version = self._version(procedure, day)
        if version is None:
            raise MoveRefused(f"Thủ tục này không có phiên bản áp dụng ngày {day:%d/%m/%Y}.", field)
        if not version.has_limit:
            raise MoveRefused(NO_LIMIT, field)
        return version

    def _version(self, procedure: Procedure, day: date) -> ProcedureVersion | None:
        if (procedure.pk, day) not in self._versions:
            self._versions[procedure.pk, day] = procedure.version_on(day)
        return self._versions[procedure.pk, day]

    def due(
        self,
        office: Office,
        version: ProcedureVersion,
        received_at: datetime,
        *,
        desk: Office | None = None,
    ) -> Due:
        """When a dossier that this office solves, received at this moment, by `desk` if that is
        another, is due.

        Raises NoCalendarData when a year on the way has no calendar.
        """
        desk = desk or office
        key = (office.pk, desk.pk, version.pk, received_at)
        if key not in self._dues:
            if len(self._dues) > MOST_REMEMBERED:
                self._dues.clear()
            self._dues[key] = deadlines.due(
                self.calendar(office),
                clock.naive_local(received_at),
                due_dates.limit_of(version),
                desk=self.calendar(desk) if desk.pk != office.pk else None,
            )
        return self._dues[key]

    def due_as_written(self, office: Office, received_at: datetime, due_at: datetime) -> Due:
        """A due date copied from an old register; the calendar of its year may be unknown."""
        received = clock.naive_local(received_at)
        try:
            effective = deadlines.effective_receipt(self.calendar(office), received)
        except NoCalendarData:
            effective = received
        return Due(received, effective, clock.naive_local(due_at), days=())


class Desks(ReferenceData):
    """What many dossiers of one run share: the versions of all procedures are known before."""

    def __init__(self) -> None:
        super().__init__()
        self._of: dict[int, list[ProcedureVersion]] = defaultdict(list)
        for version in ProcedureVersion.objects.select_related("procedure").order_by():
            self._of[version.procedure_id].append(version)

    def _version(self, procedure: Procedure, day: date) -> ProcedureVersion | None:
        if procedure.pk not in self._of:  # made since
            return super()._version(procedure, day)
        held = (version for version in self._of[procedure.pk] if version.holds_on(day))
        return next(held, None)
