"""What a demo was asked to be, and what follows from that: addresses, files, and its processes' environment."""

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from linktime.cli import folder
from linktime.config import embedded
from linktime.crm.registry import PROVIDERS

ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - names for "all addresses", and one of them
RATE_LIMIT = 6000


@dataclass(frozen=True, slots=True)
class Wishes:
    data: Path
    host: str
    port: int
    emulator_port: int
    fresh: bool

    @property
    def base_url(self) -> str:
        return self._url(self.port)

    @property
    def emulators_url(self) -> str:
        return self._url(self.emulator_port)

    @property
    def emulators(self) -> dict[str, str]:
        """The address of each CRM's emulator."""
        return {crm: f"{self.emulators_url}/{crm}" for crm in PROVIDERS}

    @property
    def postgres(self) -> Path:
        return self.data / "postgres"

    @property
    def mail(self) -> Path:
        return self.data / "mail"

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def demo_json(self) -> Path:
        return self.data / "demo.json"

    @property
    def environment(self) -> dict[str, str]:
        """The environment of every process; nothing of the caller's own LinkTime gets in, its database least of all."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("LINKTIME_")}
        return (
            inherited
            | folder.keys(self.data)
            | {
                "DJANGO_SETTINGS_MODULE": "linktime.config.settings",
                "LINKTIME_BASE_URL": self.base_url,
                "LINKTIME_DATA_DIR": str(self.data),
                "LINKTIME_DATABASE_URL": embedded.url(self.postgres),
                "LINKTIME_EMAIL_URL": f"file:{quote(str(self.mail))}",
                "LINKTIME_ALLOW_PRIVATE_ADDRESSES": "true",
                "LINKTIME_RATE_LIMIT": str(RATE_LIMIT),
            }
            | self._apps
        )

    @property
    def _apps(self) -> dict[str, str]:
        """An app of ours at each emulator."""
        apps: dict[str, str] = {}
        for crm, url in self.emulators.items():
            begin = f"LINKTIME_{crm.upper()}"
            apps |= {
                f"{begin}_BASE_URL": url,
                f"{begin}_CLIENT_ID": "linktime-demo",
                f"{begin}_CLIENT_SECRET": "linktime-demo-secret",
            }
        return apps

    def _url(self, port: int) -> str:
        name = ANYWHERE.get(self.host, self.host)
        return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"
