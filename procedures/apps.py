from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    name = "procedures"
    verbose_name = "Thủ tục và lịch làm việc"

    def ready(self) -> None:
        from motcua.operations import health_parts
        from procedures import calendar_reminder, checks  # noqa: F401  (importing registers them)
        from procedures.search.catalogue_index import watch_catalogue

        health_parts.register("calendar", calendar_reminder.health)
        watch_catalogue()
