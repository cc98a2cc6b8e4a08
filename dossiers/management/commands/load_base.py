"""The state in which a real desk starts: offices, calendar, sectors, catalogue."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from dossiers.citizens.ratings import load_criteria
from dossiers.desk.reasons import load_reasons
from dossiers.lifecycle.late_causes import load_causes
from dossiers.lifecycle.notices import load_templates
from motcua.operations.base_data import load_offices
from procedures.catalogue import load_calendar, load_catalogue
from procedures.models import OfficeOffer, Procedure
from procedures.offices.templates import begin_shipped_offices, has_chosen
from procedures.search.shipped_words import load_search_words
from procedures.shipped.catalogue_2026 import load_catalogue_2026
from procedures.shipped.mends import mend_catalogue_2016


class Command(BaseCommand):
    help = (
        "Nạp đơn vị, lịch làm việc, lĩnh vực và danh mục thủ tục kèm theo chương trình. "
        "Chạy lại không làm thay đổi những gì đã có."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--catalogue",
            choices=["2026"],
            help="nạp thêm danh mục thủ tục cấp xã năm 2026 (385 thủ tục)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            loaded = [
                ("đơn vị", 0 if has_chosen() else load_offices()),
                ("ngày nghỉ, làm bù", load_calendar()),
                ("thủ tục", load_catalogue()),
                ("thông tin cho thủ tục đã có", mend_catalogue_2016()),
                ("phòng chuyên môn", begin_shipped_offices()),
                ("nguyên nhân quá hạn", load_causes()),
                ("mẫu lý do", load_reasons()),
                ("mẫu thông báo", load_templates()),
                ("tiêu chí đánh giá", load_criteria()),
            ]
            of_2026 = Procedure.Catalogue.OF_2026
            if options["catalogue"] or OfficeOffer.objects.filter(catalogue=of_2026).exists():
                loaded.append(("thủ tục cấp xã năm 2026", load_catalogue_2026()))
            loaded.append(("từ ngữ để tìm", load_search_words()))
        for what, count in loaded:
            self.stdout.write(f"{what}: thêm {count}")
