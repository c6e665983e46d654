"""The stage of a CRM whose service is in this process: all but its records."""

from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

from linktime.crm.testing.service import InsideService
from linktime.crm.testing.stage import Stage, Trouble


class InsideStage(Stage):
    """`names` are the calls behind the kinds of create."""

    names: ClassVar[Mapping[str, str]]

    def __init__(self, service: InsideService) -> None:
        self._service = service

    @property
    def url(self) -> str:
        return self._service.url

    def grant(self) -> Mapping[str, Any]:
        return self._service.grants.grant()

    def consent(self, address: str, *, allow: bool) -> Mapping[str, str]:
        return self._service.grants.consent(dict(parse_qsl(urlsplit(address).query)), allow=allow)

    def calls_made(self) -> int:
        return len(self._service.asked)

    def disturb(self, create: str, trouble: Trouble) -> None:
        self._service.disturb(self.names[create], trouble)

    def disturbed(self) -> bool:
        return self._service.met

    def throttle(self) -> None:
        self._service.throttle()

    def blind(self) -> None:
        self._service.blind()

    def recover(self) -> None:
        self._service.recover()

    def arrive_late(self) -> None:
        self._service.arrive_late()

    def end_token(self) -> None:
        self._service.grants.end_tokens()

    def revoke(self) -> None:
        self._service.grants.revoke_all()
