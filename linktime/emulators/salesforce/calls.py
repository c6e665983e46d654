"""A REST call and its answer, whether it came over HTTP or as part of a composite."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from linktime.emulators.salesforce.duplicates import Choice
from linktime.emulators.salesforce.errors import RestError, unreadable
from linktime.emulators.salesforce.organisation import Organisation
from linktime.emulators.salesforce.writes import Writer


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        return self.status >= 300 and self.status != 304  # noqa: PLR2004 - the statuses by name say less


@dataclass(frozen=True)
class Session:
    """Who calls: a user of an organisation, through an access token."""

    org: Organisation
    user_id: str
    scope: str
    identity: str
    """The identity URL."""
    base_url: str
    """The instance URL."""


@dataclass(frozen=True)
class Call:
    session: Session
    method: str
    version: str
    """As in the address, without the v: `66.0`."""
    path: str
    """What follows `/services/data/vXX.X`, decoded."""
    query: dict[str, str]
    headers: Mapping[str, str]
    """With names in lower case."""
    body: Any = None

    @property
    def org(self) -> Organisation:
        return self.session.org

    @property
    def base(self) -> str:
        return f"/services/data/v{self.version}"

    @property
    def writer(self) -> Writer:
        return Writer(self.org, self.session.user_id, Choice.read(self.headers))

    def json_object(self) -> dict[str, Any]:
        if not isinstance(self.body, dict):
            raise unreadable("The HTTP entity body is required, but this request has no entity body.")
        return self.body

    def part(self, method: str, url: str, headers: Mapping[str, str], body: Any) -> "Call":
        """Make the call for a subrequest, whose address begins with `/services/data/vXX.X/`."""
        version, path, query = split_address(url)
        return replace(self, method=method, version=version, path=path, query=query, headers=headers, body=body)


def split_address(url: str) -> tuple[str, str, dict[str, str]]:
    """Take an address apart into version, path after it, and query."""
    parts = urlsplit(url)
    rest = parts.path.removeprefix("/services/data/v")
    version, _, path = rest.partition("/")
    return version, "/" + "/".join(map(unquote, path.split("/"))), dict(parse_qsl(parts.query, keep_blank_values=True))


def failure(error: RestError) -> Answer:
    return Answer(error.status, error.body())
