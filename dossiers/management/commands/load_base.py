"""The state in which a real desk starts: offices, calendar, sectors, catalogue."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from dossiers.citizens.ratings import load_criteria
from dossiers.lifecycle.late_causes import load_causes
from dossiers.lifecycle.notices import load_templates
from motcua.operations.base_data import load_offices
from procedures.catalogue import load_calendar, load_catalogue, load_divisions


class Command(BaseCommand):
    help = (
        "Nạp đơn vị, lịch làm việc, lĩnh vực và danh mục thủ tục kèm theo chương trình. "
        "Chạy lại không làm thay đổi những gì đã có."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            loaded = (
                ("đơn vị", load_offices()),
                ("ngày nghỉ, làm bù", load_calendar()),
                ("thủ tục", load_catalogue()),
                ("phòng chuyên môn", load_divisions()),
                ("nguyên nhân quá hạn", load_causes()),
                ("mẫu thông báo", load_templates()),
                ("tiêu chí đánh giá", load_criteria()),
            )
        for what, count in loaded:
            self.stdout.write(f"{what}: thêm {count}")
