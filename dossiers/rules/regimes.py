"""The rules of 2015, 2018 and 2025, chosen by the date of receipt. Pure Python, no Django.

- 2015: QĐ 09/2015/QĐ-TTg, and provincial practice before it.
- 2018: NĐ 61/2018/NĐ-CP, in force 21/6/2018, with the forms of TT 01/2018/TT-VPCP.
- 2025: NĐ 118/2025/NĐ-CP, in force 1/7/2025, with the forms of TT 03/2025/TT-VPCP.

Where a later circular brought the forms some months after its decree, the forms go with the
decree: one dossier is under one regime.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Form(StrEnum):
    """The papers of a desk, by what they do; each regime gives them its own names."""

    SLIP = "slip"
    SUPPLEMENT = "supplement"
    NEW_DATE = "new_date"
    REFUSAL = "refusal"
    APOLOGY = "apology"
    STOP = "stop"
    CONTROL = "control"
    REGISTER = "register"


# No rule names the paper with the date after a supplement; it is the same in every regime.
_NEW_DATE = "Phiếu hẹn lại ngày trả kết quả"


class SupplementPolicy(StrEnum):
    RESTART = "restart"
    CONTINUE = "continue"


@dataclass(frozen=True)
class FormName:
    """How a regime names a form: its title, and the tail of its number ("Số: …/PBS")."""

    title: str
    number_tail: str = ""


@dataclass(frozen=True)
class Regime:
    key: str
    since: date
    act: str
    forms: dict[Form, FormName]
    supplement_policy: SupplementPolicy
    supplement_article: str
    max_supplements: int | None
    """How often papers may be asked for after receipt; None: no limit in the rules."""
    supplement_notice_days: int | None
    """Working days after receipt within which a supplement should be asked for."""
    max_apologies: int | None
    apology_article: str
    apology_lead_days: int | None
    """An apology is due this many days before the deadline passes; None: no such rule."""
    slip_copies: int
    shows_identity_number: bool
    """Whether form 01 prints the identity number and the authorising person."""


REGIME_2015 = Regime(
    key="2015",
    since=date(2007, 1, 1),
    act="QĐ 09/2015/QĐ-TTg",
    forms={
        Form.SLIP: FormName("Giấy tiếp nhận hồ sơ và hẹn trả kết quả"),
        Form.SUPPLEMENT: FormName("Phiếu hướng dẫn hoàn thiện hồ sơ"),
        Form.NEW_DATE: FormName(_NEW_DATE),
        Form.REFUSAL: FormName("Thông báo trả lại hồ sơ"),
        Form.APOLOGY: FormName("Thư xin lỗi và hẹn lại ngày trả kết quả"),
        Form.STOP: FormName("Thông báo dừng giải quyết hồ sơ"),
        Form.CONTROL: FormName("Phiếu kiểm soát quá trình giải quyết hồ sơ"),
        Form.REGISTER: FormName("Sổ theo dõi hồ sơ"),
    },
    supplement_policy=SupplementPolicy.CONTINUE,
    supplement_article="QĐ 09/2015/QĐ-TTg Điều 6",
    max_supplements=None,
    supplement_notice_days=None,
    max_apologies=None,
    apology_article="QĐ 09/2015/QĐ-TTg Điều 6",
    apology_lead_days=None,
    slip_copies=2,
    shows_identity_number=False,
)
REGIME_2018 = Regime(
    key="2018",
    since=date(2018, 6, 21),
    act="NĐ 61/2018/NĐ-CP",
    forms={
        Form.SLIP: FormName("Giấy tiếp nhận hồ sơ và hẹn trả kết quả", "TNHS"),
        Form.SUPPLEMENT: FormName("Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ", "PBS"),
        Form.NEW_DATE: FormName(_NEW_DATE),
        Form.REFUSAL: FormName("Phiếu từ chối giải quyết hồ sơ", "PTC"),
        Form.APOLOGY: FormName("Phiếu xin lỗi và hẹn lại ngày trả kết quả", "PXL"),
        Form.STOP: FormName("Thông báo dừng giải quyết hồ sơ"),
        Form.CONTROL: FormName("Phiếu kiểm soát quá trình giải quyết hồ sơ", "PKS"),
        Form.REGISTER: FormName("Sổ theo dõi hồ sơ"),
    },
    supplement_policy=SupplementPolicy.RESTART,
    supplement_article="NĐ 61/2018/NĐ-CP Điều 11 khoản 2 điểm c",
    max_supplements=1,
    supplement_notice_days=3,
    max_apologies=1,
    apology_article="NĐ 61/2018/NĐ-CP Điều 19 khoản 9",
    apology_lead_days=1,
    slip_copies=2,
    shows_identity_number=False,
)
REGIME_2025 = Regime(
    key="2025",
    since=date(2025, 7, 1),
    act="NĐ 118/2025/NĐ-CP",
    forms={
        Form.SLIP: FormName("Giấy tiếp nhận hồ sơ và hẹn trả kết quả", "TTPVHCC (BPTNTKQ)"),
        Form.SUPPLEMENT: FormName(
            "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ", "PBS-TTPVHCC (BPTNTKQ)"
        ),
        Form.NEW_DATE: FormName(_NEW_DATE),
        Form.REFUSAL: FormName("Phiếu từ chối tiếp nhận giải quyết hồ sơ", "PTC-TTPVHCC (BPTNTKQ)"),
        Form.APOLOGY: FormName("Phiếu xin lỗi và đề nghị gia hạn thời gian giải quyết", "PXL"),
        Form.STOP: FormName("Thông báo dừng giải quyết hồ sơ"),
        Form.CONTROL: FormName(
            "Phiếu kiểm soát quá trình giải quyết hồ sơ", "PKS-TTPVHCC (BPTNTKQ)"
        ),
        Form.REGISTER: FormName("Sổ theo dõi hồ sơ"),
    },
    supplement_policy=SupplementPolicy.RESTART,
    supplement_article="NĐ 118/2025/NĐ-CP",
    max_supplements=1,
    supplement_notice_days=3,
    max_apologies=1,
    apology_article="NĐ 118/2025/NĐ-CP",
    apology_lead_days=1,
    slip_copies=1,
    shows_identity_number=True,
)
REGIMES = (REGIME_2025, REGIME_2018, REGIME_2015)


def regime_on(received_on: date) -> Regime:
    """The regime under which a dossier received on this date stays."""
    for regime in REGIMES:
        if received_on >= regime.since:
            return regime
    return REGIME_2015
