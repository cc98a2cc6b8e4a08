"""Which procedures are asked for at a desk, and how often: copies and certificates at the
communes, land and businesses at the district, and now and then nearly everything else."""

import random
from collections.abc import Callable
from itertools import accumulate

from motcua.models import Office
from procedures.models import Procedure, ProcedureVersion

# Of about a thousand dossiers; what is not named comes now and then.
OFTEN: dict[str, float] = {
    # District: land, mortgages, household businesses, certification, building, civil status
    **{"H228": 130, "H229": 45, "H230": 35, "H233": 105, "H214": 26, "H213": 24, "H216": 55},
    **{"H215": 16, "H223": 66, "H209": 26, "H217": 8, "H226": 6, "H227": 8, "H212": 6, "H231": 5},
    **{"H198": 70, "H197": 52, "H199": 8, "H170": 48, "H169": 24, "H166": 13, "H168": 4},
    **{"H167": 5, "H013": 38, "H016": 9, "H015": 6, "H017": 7, "H054": 30, "H052": 5, "H056": 4},
    **{"H069": 12, "H074": 13, "H059": 8, "H065": 4, "H070": 3, "H040": 4, "H039": 8, "H038": 6},
    # Communes: certification, civil status, social protection
    **{"X011": 420, "X012": 92, "X014": 24, "X019": 6, "X020": 5, "X021": 3, "X048": 84},
    **{"X044": 96, "X052": 30, "X054": 34, "X043": 52, "X045": 13, "X056": 9, "X059": 3},
    **{"X001": 7, "X002": 6, "X003": 9, "X004": 5, "X006": 4, "X008": 5, "X010": 3, "X034": 4},
    **{"X035": 4, "X064": 6, "X065": 5, "X041": 8, "X135": 3, "X128": 3, "X134": 4},
}
RARELY = 0.5

ORGANISED_SECTORS = frozenset(
    {
        "Thành lập và hoạt động của hợp tác xã",
        "Quản lý công sản",
        "Tổ chức phi chính phủ (Hội)",
        "Giáo dục và Đào tạo",
        "Thi đua, khen thưởng",
        "Đấu thầu",
        "Tài chính - Ngân sách (đầu tư)",
        "Văn hóa cơ sở",
        "Kinh doanh khí",
        "Tín ngưỡng, tôn giáo",
    }
)


class Mix:
    """The procedures of one desk with their weights, drawn at random."""

    def __init__(self, office: Office) -> None:
        self.procedures = list(
            Procedure.objects.offered_by(office).select_related("sector").order_by("key")
        )
        self._sums: dict[str, tuple[list[Procedure], list[float]]] = {}

    def draw(
        self,
        rng: random.Random,
        kind: str = "any",
        admits: Callable[[Procedure], bool] = lambda procedure: True,
    ) -> Procedure:
        """A procedure of this kind; which procedures the kind admits is asked once."""
        if kind not in self._sums:
            chosen = [procedure for procedure in self.procedures if admits(procedure)]
            weights = [OFTEN.get(procedure.key, RARELY) for procedure in chosen]
            self._sums[kind] = (chosen, list(accumulate(weights)))
        chosen, sums = self._sums[kind]
        return rng.choices(chosen, cum_weights=sums)[0]


def takes_a_while(version: ProcedureVersion) -> bool:
    """A limit of several days: such a dossier goes to the division that solves it."""
    return version.limit_unit not in ("same_day", "working_hour") and version.limit_value >= 3
