"""Which rules and forms a dossier has, by its day of receipt."""

from datetime import date

import pytest

from dossiers.rules.regimes import Form, regime_on

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("received_on", "key", "apology"),
    [
        ("2018-06-20", "2015", "Thư xin lỗi và hẹn lại ngày trả kết quả"),
        # The decree is in force, its forms (TT 01/2018) came on 6/1/2019.
        ("2018-06-21", "2018", "Phiếu xin lỗi và hẹn lại ngày trả kết quả"),
        ("2025-06-30", "2018", "Phiếu xin lỗi và hẹn lại ngày trả kết quả"),
        # The decree is in force, its forms (TT 03/2025) came on 15/9/2025.
        ("2025-07-01", "2025", "Phiếu xin lỗi và đề nghị gia hạn thời gian giải quyết"),
    ],
)
def test_regime_on_brings_the_forms_together_with_the_decree(
    received_on: str, key: str, apology: str
) -> None:
    regime = regime_on(date.fromisoformat(received_on))
    assert (regime.key, regime.forms[Form.APOLOGY].title) == (key, apology)
