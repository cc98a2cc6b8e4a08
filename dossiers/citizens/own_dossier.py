"""What a citizen with the second proof sees besides the degree of completion: what is missing,
the apology, the fee. No name of anybody, also not of an officer."""

from dataclasses import dataclass

from dossiers.citizens.lookup import Progress, find
from dossiers.citizens.ratings import may_be_rated, rating_of
from dossiers.lifecycle import supplements
from dossiers.lifecycle.acts import standing_acts
from dossiers.models import Apology, Dossier, Rating, SupplementRequest
from dossiers.rules.states import TAKES_FILES, State
from motcua import clock

ELECTRONIC = "Hồ sơ này đã đăng ký nhận bản điện tử: nếu đã nhận được thì ông/bà không cần đến nữa."


@dataclass(frozen=True)
class OwnDossier:
    dossier: Dossier
    progress: Progress
    supplement: SupplementRequest | None
    missing: list[str]
    """What of it has not come yet."""
    renewed: SupplementRequest | None
    """The last request whose papers came, while the date that followed is in force."""
    apology: Apology | None
    rating: Rating | None

    @property
    def may_be_rated(self) -> bool:
        return may_be_rated(self.dossier)

    @property
    def takes_files(self) -> bool:
        """The desk still waits for papers: of a filing online, or those that it has asked for."""
        awaited = self.supplement is not None or self.is_online
        return awaited and self.dossier.current_state in TAKES_FILES

    @property
    def is_online(self) -> bool:
        return self.dossier.source == Dossier.Source.ONLINE

    @property
    def advice(self) -> tuple[str, ...]:
        """What to do now, where this page can do it; who filed online was never given a paper."""
        if self.supplement is None:
            electronic = self.dossier.return_method == Dossier.ReturnMethod.ONLINE
            ready = self.progress.state is State.RESOLVED
            return (*self.progress.advice, *([ELECTRONIC] if electronic and ready else []))
        where = "ngay tại trang này" + ("" if self.is_online else ", hoặc mang đến bộ phận một cửa")
        then = (
            "Ngày hẹn mới sẽ được báo khi ông/bà bổ sung đủ."
            if self.progress.state is State.AWAITING_SUPPLEMENT
            else "Thời hạn giải quyết tính từ khi hồ sơ được tiếp nhận."
        )
        return (f"Mời ông/bà gửi các giấy tờ còn thiếu {where}. {then}",)

    @property
    def apology_is_early(self) -> bool:
        """Whether the promise that the apology gives up still lies ahead."""
        return self.apology is not None and self.apology.promised_before > clock.now()


def own_dossier(pk: int) -> OwnDossier | None:
    """The dossier as its citizen may see it; None when it is no more."""
    dossier = (
        Dossier.objects.only(
            "code", "state", "fee_vnd", "fee_paid", "office_id", "source", "return_method"
        )
        .filter(pk=pk)
        .first()
    )
    progress = find(dossier.code) if dossier is not None else None
    if dossier is None or progress is None:
        return None
    awaited = _awaited(dossier)
    return OwnDossier(
        dossier=dossier,
        progress=progress,
        supplement=awaited,
        missing=_missing(dossier, awaited) if awaited else [],
        renewed=_renewed(dossier),
        apology=dossier.apologies.filter(is_void=False).last(),
        rating=rating_of(dossier),
    )


def _awaited(dossier: Dossier) -> SupplementRequest | None:
    """What the citizen is asked for, while the desk waits for it."""
    if dossier.current_state not in (State.SUBMITTED, State.AWAITING_SUPPLEMENT):
        return None
    return dossier.supplements.filter(is_void=False, arrived_at__isnull=True).last()


def _missing(dossier: Dossier, asked: SupplementRequest) -> list[str]:
    return supplements.missing(asked, supplements.arrivals(asked, standing_acts(dossier)))


def _renewed(dossier: Dossier) -> SupplementRequest | None:
    if dossier.current_state not in (State.RECEIVED, State.PROCESSING):
        return None
    asked = dossier.supplements.filter(is_void=False).last()
    return asked if asked is not None and asked.gave_a_date else None
