"""A PostgreSQL of the storm's own, to be restarted while everybody is connected."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from django.core.management import call_command
from django.db import connection

from linktime.config import embedded
from tests.plugin import SPEED_OVER_SAFETY


class Server:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def start(self) -> None:
        embedded.start(self.folder, options=SPEED_OVER_SAFETY)

    def restart(self) -> None:
        """Cut off whoever is connected, and come back."""
        embedded.stop(self.folder)
        self.start()


@contextmanager
def own_server() -> Iterator[Server]:
    """Run a server with an empty LinkTime, and let this process use it in place of the one of all tests."""
    folder = Path(tempfile.mkdtemp(prefix="linktime-storm-"))
    server = Server(folder / "postgres")
    server.start()
    usual = dict(connection.settings_dict)
    host = parse_qs(urlsplit(embedded.url(server.folder)).query)["host"][0]
    try:
        _turn_to(usual | {"HOST": host, "NAME": "postgres", "USER": "postgres"})
        call_command("migrate", verbosity=0)
        yield server
    finally:
        _turn_to(usual)
        embedded.stop(server.folder)
        shutil.rmtree(folder, ignore_errors=True)


def _turn_to(settings: dict) -> None:
    connection.close()
    connection.close_pool()
    connection.settings_dict.update(settings)
