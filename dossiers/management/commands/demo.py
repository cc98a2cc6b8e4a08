"""The demonstration: a practice desk that nobody can take for a real one."""

import sys
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, OutputWrapper
from tqdm import tqdm

from dossiers.demo.load import WrongFigures, load, refusal
from dossiers.demo.plan import Counts, total
from motcua.models import Installation


class Command(BaseCommand):
    help = (
        "Nạp bản trình diễn: đơn vị, danh mục, lịch, tài khoản, hồ sơ chín tháng năm 2016 và quý "
        "hiện tại. Chỉ nạp vào cơ sở dữ liệu chưa dùng cho công việc thật; chạy lại không làm "
        "thay đổi gì."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if Installation.objects.filter(is_demo=True).exists():
            self.stdout.write("Bản trình diễn đã được nạp từ trước, không nạp lại.")
            return
        if reason := refusal():
            raise CommandError(reason)
        call_command("load_base", stdout=self.stdout)
        try:
            with Progress(self.stdout) as progress:
                plans = load(progress)
        except WrongFigures as wrong:
            raise CommandError(f"Số liệu trình diễn sai, không nạp gì: {wrong}") from wrong
        self.stdout.write("Chín tháng năm 2016, đã đếm lại:")
        for name, counts in (("cấp huyện", total(plans[:1])), ("cấp xã", total(plans[1:]))):
            self.stdout.write(f"  {name}: {words(counts)}")


class Progress:
    """A bar for a person at a terminal, a line for each stage otherwise."""

    def __init__(self, out: OutputWrapper) -> None:
        self.out = out
        self.is_watched = sys.stderr.isatty()
        self.bar: tqdm[None] | None = None

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *error: object) -> None:
        if self.bar is not None:
            self.bar.close()

    def begin(self, total: int) -> None:
        self.bar = tqdm(total=total, unit=" hồ sơ", disable=not self.is_watched)

    def stage(self, name: str) -> None:
        if self.bar is not None and self.is_watched:
            self.bar.set_description(name)
        else:
            self.out.write(f"nạp hồ sơ: {name}")

    def advance(self, count: int) -> None:
        if self.bar is not None:
            self.bar.update(count)


def words(counts: Counts) -> str:
    """The counts in a sentence."""
    return (
        f"tiếp nhận {_number(counts.received)}; giải quyết {_number(counts.resolved)}, trong đó "
        f"trước hạn {_number(counts.early)}, đúng hạn {_number(counts.on_time)}, "
        f"quá hạn {_number(counts.late)}."
    )


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")
