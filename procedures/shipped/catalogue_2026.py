"""The second catalogue: 385 procedures of a commune's centre as they stood in 2026.

It was put together from public records, and few limits could be compared with a second source
(docs/domain.md says how sure we are). So every version is marked as to be checked, and what the
records do not say is not invented:

- A 0 among the portal's fees is an empty field as often as a free procedure: the fee is unknown.
- A limit without its unit is no limit. Such a procedure is loaded and shown, but no desk receives
  it until an administrator has written the limit.
- The records list the papers of all cases together: only the application itself is demanded.
- Where no day from which is known, a version is in force since communes have centres (01/07/2025);
  of a year alone, since its first day.
"""

import csv
import re
from dataclasses import replace
from datetime import date

from django.db import transaction

from motcua.models import Level
from motcua.models.offices import CENTRES_SINCE
from procedures.catalogue import DATA, PaperLine, lay_papers, read_papers
from procedures.life_events import load_life_events
from procedures.models import DataRule, Procedure, ProcedureVersion, Sector, shipped_concerns

FILE = "catalogue_commune_2026.csv"
FIRST_SEEN = date(2026, 10, 10)
"""When the codes that a list of 06/08/2026 does not have yet were read on the national portal."""
DATA_RULE = ("NQ 66.7/2025/NQ-CP", date(2026, 1, 1), date(2027, 2, 28))
RESIDENCE = "Giấy tờ có giá trị chứng minh thông tin về cư trú"
UNITS = {"hour": ProcedureVersion.Unit.WORKING_HOUR.value}
IN_WORDS = {
    unit: ProcedureVersion.Unit(unit).label for unit in ("working_day", "calendar_day", "month")
}

_FEE = re.compile(r"(\d{1,3}(?:\.\d{3})+) đ")
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_APPLICATION = re.compile(r"(?:bản chính )?(?:đơn|tờ khai|giấy đề nghị|văn bản đề nghị)\b", re.I)
_SUCCESSORS = {
    **{"1.001731": "1.116910", "1.001776": "1.116909", "2.000282": "1.116908"},
    **{"2.000286": "1.116907", "1.011606": "1.116214", "1.011607": "1.116215"},
    **{"1.009454": "1.115950", "1.009455": "1.115950", "1.014258": "1.116679"},
    "1.014259": "1.116678",
}
"""Codes that a later one of the same title stands beside since 8 - 10/2026; the decision that ends
the earlier one was not seen, so both are there and an administrator decides."""


@transaction.atomic
def load_catalogue_2026() -> int:
    """Create the procedures of 2026 that are missing, and the rule that replaces papers by data;
    how many procedures.

    Safe to repeat: a procedure that exists is left as the administrator keeps it, and one that an
    administrator entered under the same national code is not entered a second time.
    """
    known = set(Procedure.objects.values_list("key", flat=True))
    own = Procedure.objects.filter(catalogue=Procedure.Catalogue.OWN)
    known |= {code[:8] for code in own.values_list("national_code", flat=True)}
    rule = load_data_rule()
    sectors = {sector.name: sector for sector in Sector.objects.all()}
    created: list[str] = []
    for row in _rows():
        code = row["national_code"]
        if code in known:
            continue
        name = row["sector"].strip()
        if name not in sectors:
            sectors[name] = Sector.objects.create(name=name)
        procedure = Procedure.objects.create(
            key=code,
            national_code=code,
            catalogue=Procedure.Catalogue.OF_2026,
            name=row["name"].rstrip("."),
            level=Level.COMMUNE,
            sector=sectors[name],
            concerns=shipped_concerns(row["name"], name),
        )
        version = ProcedureVersion.objects.create(
            procedure=procedure,
            in_force_from=read_day(row["in_force_from"]),
            limit_value=int(row["limit_value"] or 0),
            limit_unit=UNITS.get(row["limit_unit"], row["limit_unit"]),
            limit_note=read_limit_note(row["limit_value"], row["limit_text"]),
            fee_vnd=read_fee(row["fee_text"]),
            fee_note=read_fee_note(row["fee_text"]),
            result="\n".join(row["result"].split(" | ")),
            legal_basis="\n".join(row["legal_basis"].split(" | ")),
            source=f"{row['source']}; bằng chứng {row['evidence']}",
            confidence=ProcedureVersion.Confidence.PARTLY,
            unverified="\n".join(_unverified(row)),
        )
        lay_papers(version, _papers(row), rule)
        created.append(code)
    load_life_events(fresh=created)
    return len(created)


def load_data_rule() -> DataRule:
    """The rule under which papers are replaced by data; its days stay as an administrator keeps
    them."""
    name, begins, ends = DATA_RULE
    days = {"in_force_from": begins, "in_force_to": ends}
    return DataRule.objects.get_or_create(name=name, defaults=days)[0]


def read_day(text: str) -> date:
    """From which day a version is in force, by what the record says of it."""
    if found := _DAY.match(text):
        return date(*map(int, found.groups()))
    if text.startswith("sau 8/2026"):
        return FIRST_SEEN
    if text.startswith("2026"):
        return date(2026, 6, 19) if "19/6/2026" in text else date(2026, 1, 1)
    return CENTRES_SINCE


def read_fee(text: str) -> int | None:
    """The fee at the counter in đồng; None where it is not known, as where the portal has 0."""
    if not text[:1].isdigit():
        return None
    parts = text.split("; ")
    at_counter = [part for part in parts if "trực tiếp" in part]
    if not at_counter and any("trực tuyến" in part for part in parts):
        return None
    found = _FEE.match((at_counter or parts)[0])
    return int(found[1].replace(".", "")) if found else None


def read_fee_note(text: str) -> str:
    """What is said beside the amount; nothing of a 0 that may be an empty field."""
    if text.startswith("0 (") or text == "Phí : 0 Đồng":
        return ""
    if text.startswith("HĐND tỉnh quy định"):
        return "Theo nghị quyết của Hội đồng nhân dân tỉnh"
    if text.startswith("theo văn bản phí"):
        return "Theo văn bản về phí, lệ phí"
    return (
        ""
        if text.startswith("Cổng ghi")
        else text.replace(" đ/", " đồng/").replace(" đ ", " đồng ")
    )


def read_limit_note(value: str, text: str) -> str:
    """What the record says of the limit beside its number, for people."""
    if text in ("", "chưa đọc được", "không công bố số"):
        return ""
    if text == "bản ghi chỉ có số, không có đơn vị":
        return ""
    note = text
    for unit, words in IN_WORDS.items():
        note = note.replace(unit, words)
    return note[:1].upper() + note[1:]


def papers_of_all_cases(text: str) -> list[PaperLine]:
    """The papers; demanded is the application alone where there is one, since the record does not
    say in which case each of the others is."""
    papers = read_papers(text)
    applications = [paper for paper in papers if _APPLICATION.match(paper.name)] or papers
    demanded = applications if len(applications) == 1 else []
    return [replace(paper, is_required=paper in demanded) for paper in papers]


def _papers(row: dict[str, str]) -> list[PaperLine]:
    """The papers of a row. That of residence is in the population database, first on the list of
    the rule about data; it is marked where the record names the rule."""
    named = "66.7/2025" in row["source"] + row["legal_basis"]
    return [
        replace(paper, has_data=named and RESIDENCE in paper.name)
        for paper in papers_of_all_cases(row["papers"])
    ]


def _unverified(row: dict[str, str]) -> list[str]:
    parts = ["thời hạn"]
    fee = row["fee_text"]
    if fee and read_fee(fee) is not None and "không ghi đơn vị" in fee:
        parts.append("phí, lệ phí")
    if row["evidence"] == "C" or row["national_code"] in _SUCCESSORS:
        parts.append("mã TTHC")
    if row["level"] == "tinh":
        parts.append("cấp tiếp nhận")
    if row["papers"]:
        parts.append("thành phần hồ sơ")
    return [*parts, "ngày áp dụng"]


def _rows() -> list[dict[str, str]]:
    with (DATA / FILE).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
