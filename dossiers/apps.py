from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "dossiers"
    verbose_name = "Hồ sơ"

    def ready(self) -> None:
        from dossiers import checks, health  # noqa: F401  (importing registers the checks)
        from dossiers.desk.procedure_search import received_in_a_year
        from motcua.operations import health_parts
        from procedures.search.catalogue_index import count_received_by

        # What is filed most stands first in every search; procedures know no dossiers.
        count_received_by(received_in_a_year)

        health_parts.register("notices", health.notices)
        health_parts.register("clock", health.no_act_ahead)

        # The page of the first hour stands before the bare list of the administration.
        from dossiers.views import first_hour
        from motcua.web.admin_site import site

        site.comes_first = first_hour.comes_first
