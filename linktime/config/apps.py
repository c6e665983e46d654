from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "linktime.config"

    def ready(self) -> None:
        from linktime.config import wiring  # noqa: PLC0415 - models are loaded only now

        wiring.connect()
