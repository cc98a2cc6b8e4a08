"""An old paper or Excel register becomes dossiers: all of it, or nothing."""

from typing import Any

from dossiers.old_register.importer import Checked, Doubtful, Refused, check, take_in
from dossiers.old_register.lines import TEMPLATE, read
from motcua.operations.jobs import without_looking_for_garbage
from motcua.tables.command import TableCommand
from motcua.tables.verdict import Verdict


class Command(TableCommand):
    help = (
        "Nhập sổ theo dõi cũ từ tệp CSV (UTF-8) hoặc XLSX theo các cột của mẫu. Có một dòng sai "
        "thì không nhập dòng nào (mã thoát 1); chỉ có dòng cần xem lại thì cũng không nhập (mã "
        "thoát 3), trừ khi đã xem và nhận. Mọi dòng như thế đều được báo với số dòng và lý do."
    )
    template = TEMPLATE
    checked: Checked

    def take(self, content: bytes, options: dict[str, Any]) -> Verdict:
        with without_looking_for_garbage():
            try:
                self.checked, written = _taken(content, options)
            except Refused as refused:
                return Verdict(refused.certain, refused.problems, refused.doubts)
            except Doubtful as doubtful:
                return Verdict(doubtful.checked.certain, [], doubtful.checked.doubts)
            return Verdict(self.checked.certain, [], self.checked.doubts, written)

    def sentence(self, verdict: Verdict, options: dict[str, Any]) -> str:
        said = "Sẽ nhập {} Chưa ghi gì." if options["dry_run"] else "Đã nhập {}"
        return said.format(_counts(self.checked))


def _taken(content: bytes, options: dict[str, Any]) -> tuple[Checked, int]:
    lines = read(content, options["sheet"])
    accepts = options["accept_doubtful"]
    if not options["dry_run"]:
        checked = take_in(lines, accept_doubtful=accepts)
        return checked, len(checked.dossiers)
    checked = check(lines)
    checked.demand_acceptable(accept_doubtful=accepts)
    return checked, 0


def _counts(checked: Checked) -> str:
    offices = "; ".join(f"{name} {_number(count)}" for name, count in checked.counts("office"))
    return f"{_number(len(checked.dossiers))} hồ sơ: {offices}."


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")
