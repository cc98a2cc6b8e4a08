"""What the reports keep: signed figures, totals from before, sums, exports."""

from reports.models.exports import (
    KEPT_FOR,
    RegisterExport,
    exports_folder,
)
from reports.models.mailing import (
    PaperChoice,
    PaperMail,
)
from reports.models.opening import (
    OpeningFigures,
)
from reports.models.sign_off import (
    REMARK_LENGTH,
    Closing,
    ClosingCell,
    ClosingLook,
    Reminder,
    Reopening,
    ReportDeadline,
    SignedFile,
    SignedNames,
)
from reports.models.summaries import (
    DaysSummary,
    Summary,
)
from reports.models.targets import (
    Target,
)

__all__ = [
    "KEPT_FOR",
    "REMARK_LENGTH",
    "Closing",
    "ClosingCell",
    "ClosingLook",
    "DaysSummary",
    "OpeningFigures",
    "PaperChoice",
    "PaperMail",
    "RegisterExport",
    "Reminder",
    "Reopening",
    "ReportDeadline",
    "SignedFile",
    "SignedNames",
    "Summary",
    "Target",
    "exports_folder",
]
