"""The mail that lies in a folder, newest first."""

import email
import email.policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

SHOWN = 50


class Mailbox:
    """The `*.eml` files of a folder, each read once."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._read: dict[tuple[str, int], dict[str, Any]] = {}

    def newest(self) -> list[dict[str, Any]]:
        if self._folder is None or not self._folder.is_dir():
            return []
        found = sorted(((path.stat().st_mtime_ns, path) for path in self._folder.glob("*.eml")), reverse=True)
        return [self._letter(path, changed) for changed, path in found[:SHOWN]]

    def _letter(self, path: Path, changed: int) -> dict[str, Any]:
        key = (path.name, changed)
        if key not in self._read:
            self._read[key] = _letter(path)
        return self._read[key]


def _letter(path: Path) -> dict[str, Any]:
    message = email.message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=email.policy.default)
    headers = {name.lower(): str(message.get(name, "")) for name in ("From", "To", "Subject", "Date")}
    body = message.get_body(("plain", "html"))
    calendars = [_text(part) for part in message.walk() if part.get_content_type() == "text/calendar"]
    return {"file": path.name, **headers, "text": _text(body) if body else "", "calendars": calendars}


def _text(part: Any) -> str:
    content = part.get_content()
    return content.decode(errors="replace") if isinstance(content, bytes) else str(content)
