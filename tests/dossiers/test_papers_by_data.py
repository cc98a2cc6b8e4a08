"""Papers that a rule replaces by data: not asked for between its days, at the counter or online."""

from datetime import date

import pytest
from django.http import QueryDict
from django.test import Client

from dossiers.forms.checklist import Checklist
from dossiers.forms.filing import FilingSheet
from procedures.models import DataRule, RequiredPaper
from tests.cast import Cast

RULE = "NQ 66.7/2025/NQ-CP"


@pytest.fixture
def replaced(cast: Cast) -> RequiredPaper:
    """The one paper of a procedure, under a rule that holds today."""
    paper = RequiredPaper.objects.get(version__procedure=cast.birth)
    paper.data_rule = DataRule.objects.create(
        name=RULE, in_force_from=date(2026, 1, 1), in_force_to=date(2027, 2, 28)
    )
    paper.save()
    return paper


@pytest.mark.parametrize(
    ("day", "is_asked"),
    [
        (date(2025, 12, 31), True),
        (date(2026, 1, 1), False),
        (date(2027, 2, 28), False),
        (date(2027, 3, 1), True),
    ],
)
def test_data_rule_intake_does_not_ask_for_the_paper_while_it_holds(
    replaced: RequiredPaper, day: date, is_asked: bool
) -> None:
    listed = list(RequiredPaper.objects.of(replaced.version))
    checklist = Checklist(listed, QueryDict("x=1"), day=day)

    assert checklist.missing == ([replaced] if is_asked else [])
    assert [row.replaced for row in checklist.rows] == [("" if is_asked else RULE)]


def test_data_rule_pages_say_that_the_paper_is_not_asked_for(
    replaced: RequiredPaper, cast: Cast, client: Client
) -> None:
    said = client.get("/thu-tuc/X902/?ngay=2026-06-01").content.decode()
    assert "Không phải nộp đến hết" in said
    assert RULE in said
    before = client.get("/thu-tuc/X902/?ngay=2025-06-01").content.decode()
    assert "không phải nộp: nơi tiếp nhận tra cứu" in before
    after = client.get("/thu-tuc/X902/?ngay=2027-03-01").content.decode()
    assert RULE not in after

    client.force_login(cast.commune_clerk)
    desk = client.get("/ho-so/tiep-nhan/?thu-tuc=X902").content.decode()
    assert f"không yêu cầu nộp: tra cứu trong cơ sở dữ liệu, {RULE}" in desk


def test_data_rule_filing_online_is_whole_without_the_paper(
    replaced: RequiredPaper, cast: Cast
) -> None:
    sheet = FilingSheet(cast.birth, replaced.version, QueryDict("x=1"))
    sheet.is_valid()

    assert [row.replaced for row in sheet.rows] == [RULE, ""]
    assert not any(row.is_missing for row in sheet.rows)
