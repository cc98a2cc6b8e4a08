"""How long a question takes among all 757 procedures: the questions of the tests, one by one."""

import statistics

from motcua.models import Office
from procedures.models import Procedure
from procedures.search import answers
from procedures.search.shipped_words import load_search_words
from procedures.shipped.catalogue_2026 import load_catalogue_2026
from tests.bench.timing import seconds
from tests.procedures.search.shipped_index import QUESTIONS, rows


def search_times() -> str:
    load_catalogue_2026()
    load_search_words()
    every = Procedure.objects.filter(is_active=True)
    office = Office.objects.get(code="967")
    offered = Procedure.objects.offered_by(office)
    questions = [row["query"] for row in rows(QUESTIONS)]
    made = seconds(lambda: answers.search("khai sinh", every)) * 1000
    lines = [f"{'search: index of ' + str(every.count()) + ' procedures':34} {made:9.1f} ms"]
    for name, among in (("all of them", every), ("what one desk offers", offered)):
        taken = sorted(
            seconds(lambda asked=asked, among=among: answers.search(asked, among)) * 1000
            for asked in questions
            for _ in range(3)
        )
        lines.append(
            f"{'search: ' + name:34} {statistics.median(taken):9.1f} ms median, "
            f"{taken[len(taken) * 95 // 100]:.1f} at p95, {taken[-1]:.1f} at most"
        )
    return "\n".join(lines)
