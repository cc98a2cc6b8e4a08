from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Báo cáo"

    def ready(self) -> None:
        from reports import bookkeeping, demonstration

        bookkeeping.keep()
        demonstration.join()
