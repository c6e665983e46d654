"""What the shared machinery (control API, wire, page, store file) asks of a service."""

from typing import Any, Protocol

from starlette.routing import BaseRoute

from linktime.emulators.settings import Settings

JSON = dict[str, Any]


class Service(Protocol):
    name: str

    def routes(self) -> list[BaseRoute]:
        """The service's own calls, its pages and its extra control calls."""

    def is_call(self, path: str) -> bool:
        """Whether this path (without the service's prefix) is one of the service's own calls."""

    def delay(self, path: str) -> float:
        """How long a call takes, in seconds, by the settings."""

    def state(self, organisation: str | None, *, deleted: bool) -> JSON:
        """Everything stored, each record as the service's own read call gives it."""

    def settings(self, organisation: str | None) -> Settings:
        """The settings of one organisation, which is made when it isn't there."""

    def change(self, organisation: str | None, changes: JSON) -> None:
        """Merge into an organisation's settings."""

    def organisations(self) -> list[JSON]:
        """The organisations with id and name, the first one first."""

    def timeline(self, limit: int) -> list[JSON]:
        """The newest contacts, each with its meetings, for the page."""

    def issue_token(self, wish: JSON, base_url: str) -> JSON:
        """Make a grant without the consent page."""

    def revoke_all(self) -> int:
        """End every grant and say how many there were."""

    def reset(self) -> None:
        """Empty, with default settings."""

    @property
    def revision(self) -> int:
        """Rises with every change that the store file should keep."""

    def dump(self) -> JSON:
        """Everything that the store file keeps."""

    def load(self, dump: JSON) -> None:
        """Take up what dump() gave."""
