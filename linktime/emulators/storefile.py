"""The store file: everything the services hold, kept over a restart."""

import asyncio
import json
import time
from pathlib import Path

from linktime.emulators.service import Service

PAUSE = 1.0
SHARE = 20


class StoreFile:
    """Loads at the start; then writes, whole and in one step, when something has changed.

    At most once a second, and so seldom that a large state costs no more than a twentieth of the time.
    """

    def __init__(self, path: Path, services: list[Service]) -> None:
        self._path, self._services = path, services
        self._written = -1

    def load(self) -> None:
        if self._path.exists():
            kept = json.loads(self._path.read_text())
            for service in self._services:
                if service.name in kept:
                    service.load(kept[service.name])
        self._written = self._revision

    async def keep(self) -> None:
        took = 0.0
        while True:
            await asyncio.sleep(max(PAUSE, took * SHARE))
            began = time.monotonic()
            self.save()
            took = time.monotonic() - began

    def save(self) -> None:
        revision = self._revision
        if revision == self._written:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_name(self._path.name + ".new")
        draft.write_text(json.dumps({service.name: service.dump() for service in self._services}))
        draft.replace(self._path)
        self._written = revision

    @property
    def _revision(self) -> int:
        return sum(service.revision for service in self._services)
