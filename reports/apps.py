from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Báo cáo"

    def ready(self) -> None:
        from reports.figures import bookkeeping
        from reports.lists import late_entries
        from reports.sign_off import after_mergers, demonstration, papers

        bookkeeping.keep()
        late_entries.say_on_dossiers()
        papers.guard_names()
        demonstration.join()
        after_mergers.join()
