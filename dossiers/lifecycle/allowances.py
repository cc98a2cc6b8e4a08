"""How often the rules of a dossier's regime allow an act, and by when: supplements, apologies.

Asked by the verbs before they act, and by the pages before anything is typed.
"""

from datetime import date, datetime

from dossiers.models import Dossier
from dossiers.rules.states import Verb
from dossiers.rules.timeliness import MOST_SUPPLEMENTS
from motcua import clock
from procedures.calendar import calendar_for
from procedures.workdays import WorkingCalendar


def refusal(dossier: Dossier, verb: Verb) -> str:
    """The sentence, with its article, that refuses one more; empty when it is allowed."""
    if verb == Verb.ASK_SUPPLEMENT and dossier.is_accepted:
        asked = dossier.supplements.filter(is_void=False, before_acceptance=False)
        return supplement_refusal(dossier, asked.count())
    if verb == Verb.APOLOGISE:
        return apology_refusal(dossier, dossier.apologies.filter(is_void=False).count())
    return ""


def supplement_refusal(dossier: Dossier, done: int) -> str:
    """Once under the rules of 2018 and 2025, unless the procedure's version allows more; `done`
    is how often papers were asked for since the receipt."""
    allowed = dossier.version.max_supplements or dossier.regime.max_supplements
    if allowed is None or done < allowed:
        return ""
    return (
        f"Hồ sơ này đã được yêu cầu bổ sung {done} lần. "
        f"{dossier.regime.supplement_article} chỉ cho phép {allowed} lần."
    )


def late_in_index_remark(dossier: Dossier) -> str:
    """What one more request for papers does to the dossier in the index of QĐ 766/QĐ-TTg; empty
    where it does nothing. Requests before the receipt count too. It forbids nothing."""
    done = dossier.supplements.filter(is_void=False).count()
    if done < MOST_SUPPLEMENTS:
        return ""
    return (
        f"Hồ sơ này đã được yêu cầu bổ sung {done} lần. Yêu cầu thêm lần nữa thì chỉ số quốc gia "
        "(QĐ 766/QĐ-TTg) tính hồ sơ là quá hạn, dù trả kết quả đúng hẹn; Biểu II.06a không đổi. "
        "Ông/bà vẫn yêu cầu bổ sung được."
    )


def apology_refusal(dossier: Dossier, done: int) -> str:
    """At most one since 2018 (NĐ 61/2018 Điều 19 khoản 9); `done` is how many there were."""
    allowed = dossier.regime.max_apologies
    if allowed is None or done < allowed:
        return ""
    return (
        f"Hồ sơ này đã xin lỗi {done} lần. {dossier.regime.apology_article} chỉ cho phép "
        f"hẹn lại {allowed} lần."
    )


def apologises_late(dossier: Dossier, on: date) -> bool:
    """Whether an apology on this day comes later than the regime asks: since 2018, at the latest
    one day before the deadline passes."""
    lead = dossier.regime.apology_lead_days
    return lead is not None and dossier.due_on is not None and (dossier.due_on - on).days < lead


def asks_late(
    dossier: Dossier, asked_at: datetime, calendar: WorkingCalendar | None = None
) -> bool:
    """Whether papers are asked for later than the regime's working days after the receipt.

    Raises NoCalendarData. Who asks for many dossiers hands the office's calendar in.
    """
    days = dossier.regime.supplement_notice_days
    if days is None or dossier.effective_at is None:
        return False
    received = clock.local(dossier.effective_at).date()
    asked = clock.local(asked_at).date()
    calendar = calendar or calendar_for(dossier.office)
    return calendar.working_days_between(received, asked) > days
