"""A mail server for trials: mail lands in a folder, where it can be read."""

import os
import time
from collections.abc import Sequence
from pathlib import Path
from secrets import token_hex
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class FolderBackend(BaseEmailBackend):
    """Writes each message as a file of its own, `{moment}-{random}.eml`, into `folder`: names sort as they were sent.

    A file appears whole or not at all.
    """

    def __init__(self, *, folder: str, **options: Any) -> None:
        super().__init__(**options)
        self.folder = Path(folder)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        self.folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            self._write(message.message().as_bytes())
        return len(email_messages)

    def _write(self, content: bytes) -> None:
        name = f"{time.time_ns():020}-{token_hex(4)}"
        unfinished = self.folder / f".{name}.part"
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())  # a job that is done is never done again: its mail must survive a crash
        unfinished.rename(self.folder / f"{name}.eml")
