"""Every number of every table and chart of the figures opens a list that is as long as it says,
on screen and as a file. All of them are walked, on a quarter that has something in each report."""

import csv
import io
import re
from html import unescape

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from dossiers.lifecycle import perform
from reports.converters import FURTHER
from tests.cast import Cast, vn

QUARTER = "ky=2016-Q1"
NOW = "2016-04-07T03:00:00Z"
# The pages, with the least number of links that the quarter gives each; a late list has names.
PAGES = {
    f"{reverse('dashboard_tables')}?{QUARTER}": 25,
    f"{reverse('days_used')}?{QUARTER}": 3,
    f"{reverse('workload')}?{QUARTER}": 4,
    f"{reverse('report')}?{QUARTER}": 20,
    f"{reverse('report')}?{QUARTER}&theo=don-vi&mau=ii-06a": 20,
    f"{reverse('report')}?{QUARTER}&theo=thu-tuc": 20,
    **{
        f"{reverse('further_report', args=[word])}?{QUARTER}": 3
        for word in FURTHER
        if word != "tre-han"
    },
}
LINK = re.compile(r'<a [^>]*?href="([^"]*[?;&]cot=[^"]+)"([^>]*)>([^<]*)')
CELL = re.compile(r'<td class="num[^"]*" data-label="([^"]*)">\s*([\d.]+)\s*</td>')


@pytest.fixture
def quarter(late: Cast) -> Cast:
    """The late quarter, and one of it that has left a place with a share of its own, resolved
    before its day."""
    early = late.received("2016-03-01T09:00")
    perform.forward(
        early,
        by=late.clerk,
        at=vn("2016-03-01T10:00"),
        division=late.land_division,
        due_at=vn("2016-03-07T17:00"),
    )
    perform.resolve(early, by=late.clerk, at=vn("2016-03-03T09:00"), outcome="approved")
    return late


def links(html: str) -> set[tuple[str, int]]:
    """(address, number) of every link to a list: from its words, or a bar's label."""
    found = set()
    for address, attributes, words in LINK.findall(html):
        said = re.search(r"\d[\d.]*", words) or re.search(r'aria-label="(\d[\d.]*)', attributes)
        assert said is not None, (address, words)
        number = said.group(said.lastindex or 0)
        found.add((unescape(address), int(number.replace(".", ""))))
    return found


@pytest.mark.parametrize("page", PAGES)
@time_machine.travel(NOW)
def test_every_number_opens_as_many(client: Client, quarter: Cast, page: str) -> None:
    client.force_login(quarter.leader)
    html = client.get(page).content.decode()
    found = links(html)
    assert len(found) >= PAGES[page]
    for address, number in sorted(found):
        assert client.get(address).context["page"].paginator.count == number, address
        file = b"".join(client.get(f"{address}&dang=csv").streaming_content).decode()
        assert len(list(csv.reader(io.StringIO(file)))) == number + 1, address
    # No number of dossiers stands there without its list.
    bare = [(label, n) for label, n in CELL.findall(html) if n != "0" and "ngày" not in label]
    assert bare == []
