"""What the database is: asked by `script/server` to know what to load."""

from typing import Any

from django.core.management.base import BaseCommand

from motcua.models import Installation, Staff


class Command(BaseCommand):
    help = "In một từ: empty (chưa dùng), demo (bản trình diễn) hoặc real (bản chính thức)."

    def handle(self, *args: Any, **options: Any) -> None:
        if Installation.is_demonstration() or Staff.objects.filter(is_demo=True).exists():
            self.stdout.write("demo")
        elif Installation.objects.exists() or Staff.objects.exists():
            self.stdout.write("real")
        else:
            self.stdout.write("empty")
