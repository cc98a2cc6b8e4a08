from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Báo cáo"

    def ready(self) -> None:
        from reports.figures import bookkeeping
        from reports.sign_off import demonstration, papers

        bookkeeping.keep()
        papers.guard_names()
        demonstration.join()
