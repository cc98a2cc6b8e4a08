from django.apps import AppConfig


class MotcuaConfig(AppConfig):
    name = "motcua"
    verbose_name = "Tổ chức và tài khoản"

    def ready(self) -> None:
        from motcua import checks  # noqa: F401  (importing registers them)
