from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "linktime.config"

    def ready(self) -> None:
        from linktime.config import checks, wiring  # noqa: F401, PLC0415 - models are loaded only now

        wiring.connect()
