from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "dossiers"
    verbose_name = "Hồ sơ"

    def ready(self) -> None:
        from dossiers import checks, health  # noqa: F401  (importing registers the checks)
        from dossiers.merging.offices import succeeded
        from motcua.operations import health_parts
        from procedures.offices.succession import take_over_offer

        succeeded.connect(take_over_offer, dispatch_uid="offer")

        health_parts.register("notices", health.notices)
        health_parts.register("clock", health.no_act_ahead)
