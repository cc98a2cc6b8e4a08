"""A table of procedures goes into the catalogue: new ones, changed ones, ended ones."""

from typing import Any

from motcua.tables.command import TableCommand
from motcua.tables.lines import read
from motcua.tables.verdict import Verdict
from procedures.catalogue_import.changes import CatalogueTable
from procedures.catalogue_import.importer import take_in
from procedures.catalogue_import.table import TEMPLATE


class Command(TableCommand):
    help = (
        "Nhập thủ tục mới, thay đổi hoặc thôi áp dụng từ tệp CSV (UTF-8) hoặc XLSX theo các cột "
        "của mẫu. Có một dòng sai thì không nhập dòng nào (mã thoát 1); chỉ có dòng cần xem lại "
        "thì cũng không nhập (mã thoát 3), trừ khi đã xem và nhận."
    )
    template = TEMPLATE
    table: CatalogueTable

    def take(self, content: bytes, options: dict[str, Any]) -> Verdict:
        lines = read(content, TEMPLATE, options["sheet"])
        self.table = take_in(
            lines, accept_doubtful=options["accept_doubtful"], dry_run=options["dry_run"]
        )
        return self.table.verdict

    def sentence(self, verdict: Verdict, options: dict[str, Any]) -> str:
        counts = "; ".join(f"{kind} {count}" for kind, count in self.table.counts())
        return f"Sẽ nhập: {counts}. Chưa ghi gì." if options["dry_run"] else f"Đã nhập: {counts}."
