from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Báo cáo"

    def ready(self) -> None:
        from reports import bookkeeping, closing_papers, demonstration

        bookkeeping.keep()
        closing_papers.guard_names()
        demonstration.join()
