"""What a form asks about once before it does what it is for: numbers that are unlikely, letters
that no paper can print, a dossier that seems to be here already. Sent again as it is, it is done;
nothing that was typed is lost."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from django.http import QueryDict

from dossiers.models import Dossier
from dossiers.rules.personal_numbers import MADE_UP, looks_made_up, read_identity, read_telephone
from motcua import clock
from motcua.printing.letters import unprintable

ASKED = "asked"
"""Under which the page sends what it has asked about."""
MOST_ASKED = 20
IDENTITIES = ("applicant_id", "submitter_id")
TELEPHONES = ("phone", "submitter_phone")
NAMES = ("applicant_name", "submitter_name")
OTHER_TEXTS = (
    *("address", "submitter_address", "return_address", "authority_paper"),
    *("subject", "concerns"),
)
NAME_NOT_PRINTED = (
    "Tên có chữ mà giấy tờ không in được: {}. Hãy ghi như trên hộ chiếu, bằng chữ La-tinh."
)
NOT_PRINTED = "Có chữ mà giấy tờ không in được: {}. Hãy ghi bằng chữ La-tinh."
# A citizen is asked in other words than a clerk, who has somebody to ask and did not make it up.
TO_CITIZENS = {
    "có vẻ được ghi cho có": "có vẻ chưa đúng",
    "Hãy hỏi lại.": "Mời ông/bà xem lại số đã ghi.",
    "Hãy xem lại": "Mời ông/bà xem lại",
    "Hãy ghi": "Mời ông/bà ghi",
}


@dataclass(frozen=True)
class Doubt:
    """A sentence that asks, at a field of the form, with a page that shows more."""

    sentence: str
    field: str = ""
    link: str = ""
    link_words: str = ""

    @property
    def key(self) -> str:
        """What the page remembers of having asked: another number is asked about anew."""
        return sha256(f"{self.field}\n{self.sentence}".encode()).hexdigest()[:16]


def typed_doubts(data: Mapping[str, Any], changed: Collection[str] | None = None) -> list[Doubt]:
    """What is unlikely about the numbers of a form that is valid, and which words no paper can
    print; of those `changed`, if told."""
    found = []
    for name in (*NAMES, *IDENTITIES, *TELEPHONES, *OTHER_TEXTS):
        value = data.get(name)
        if value and (changed is None or name in changed):
            sentence = _sentence(name, value, data)
            found += [Doubt(sentence, name)] if sentence else []
    return found


def to_citizen(doubt: Doubt) -> Doubt:
    """The same question in the words for a citizen."""
    sentence = doubt.sentence
    for of_clerk, of_citizen in TO_CITIZENS.items():
        sentence = sentence.replace(of_clerk, of_citizen)
    return replace(doubt, sentence=sentence)


def _sentence(name: str, value: str, data: Mapping[str, Any]) -> str:
    if name in NAMES or name in OTHER_TEXTS:
        letters = unprintable(value)
        asks = NAME_NOT_PRINTED if name in NAMES else NOT_PRINTED
        return asks.format(letters) if letters else ""
    if name in TELEPHONES:
        return read_telephone(value).doubt
    of_organisation = data.get("applicant_kind") == Dossier.ApplicantKind.ORGANISATION
    if name == "applicant_id" and of_organisation:
        return MADE_UP.format(value) if looks_made_up(value.split("-")[0]) else ""
    return read_identity(value, data.get(f"{name}_kind", ""), clock.today()).doubt


def asked_before(data: Mapping[str, Any]) -> list[str]:
    """What the page that was sent has asked about."""
    return data.getlist(ASKED)[-MOST_ASKED:] if isinstance(data, QueryDict) else []


def unanswered(doubts: Iterable[Doubt], data: Mapping[str, Any]) -> list[Doubt]:
    """Those that the page which was sent had not asked about."""
    before = set(asked_before(data))
    return [doubt for doubt in doubts if doubt.key not in before]
