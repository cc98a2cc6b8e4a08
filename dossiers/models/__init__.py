"""A dossier and all that belongs to it. Only `lifecycle` writes these rows, but drafts
(`desk.drafts`)."""

from dossiers.models.act_rows import (
    Apology,
    Deadline,
    LateCause,
    Pause,
    SupplementRequest,
    Transfer,
)
from dossiers.models.attachments import Attachment
from dossiers.models.dossier import Dossier, DossierQuerySet
from dossiers.models.drafts import IntakeDraft
from dossiers.models.event import Event, first_decision, receiver_of
from dossiers.models.mergers import Merger, MergerLine
from dossiers.models.notices import Notice, NoticeChannel, NoticeTemplate
from dossiers.models.places import AWAITS_PAPER, ELSEWHERE
from dossiers.models.ratings import Rating, RatingCriterion, RatingScore
from dossiers.models.reasons import ReasonTemplate
from dossiers.models.serials import SerialCounter
from dossiers.models.submitted import SubmittedPaper

__all__ = [
    "AWAITS_PAPER",
    "ELSEWHERE",
    "Apology",
    "Attachment",
    "Deadline",
    "Dossier",
    "DossierQuerySet",
    "Event",
    "IntakeDraft",
    "LateCause",
    "Merger",
    "MergerLine",
    "Notice",
    "NoticeChannel",
    "NoticeTemplate",
    "Pause",
    "Rating",
    "RatingCriterion",
    "RatingScore",
    "ReasonTemplate",
    "SerialCounter",
    "SubmittedPaper",
    "SupplementRequest",
    "Transfer",
    "first_decision",
    "receiver_of",
]
