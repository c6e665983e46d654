"""Which address is which resource, for calls over HTTP and for subrequests alike."""

import re
from collections.abc import Callable

from linktime.emulators.salesforce import batch, composite, describe, rows, sobject_collections
from linktime.emulators.salesforce.calls import Answer, Call, failure
from linktime.emulators.salesforce.errors import RestError, method_not_allowed, not_found
from linktime.emulators.salesforce.queries import Queries

Handler = Callable[..., Answer]
OLDEST, NEWEST = 31, 67


class Resources:
    """The resources below `/services/data/vXX.X`."""

    def __init__(self) -> None:
        self.queries = Queries()
        table: tuple[tuple[str, dict[str, Handler]], ...] = (
            ("/", {"GET": _resources}),
            ("/limits", {"GET": _limits}),
            ("/query", {"GET": self.queries.query}),
            ("/queryAll", {"GET": self.queries.query_all}),
            ("/query/(?P<locator>[^/]+)", {"GET": self.queries.more}),
            ("/queryAll/(?P<locator>[^/]+)", {"GET": self.queries.more}),
            ("/composite", {"POST": self._composite}),
            ("/composite/batch", {"POST": self._batch}),
            (
                "/composite/sobjects",
                {
                    "POST": sobject_collections.create,
                    "PATCH": sobject_collections.update,
                    "DELETE": sobject_collections.delete,
                },
            ),
            (
                "/composite/sobjects/(?P<sobject_name>[^/]+)",
                {"GET": sobject_collections.read, "POST": sobject_collections.read},
            ),
            (
                "/composite/sobjects/(?P<sobject_name>[^/]+)/(?P<field_name>[^/]+)",
                {"PATCH": sobject_collections.upsert},
            ),
            ("/sobjects", {"GET": describe.everything}),
            ("/sobjects/(?P<sobject_name>[^/]+)", {"GET": describe.basic, "POST": rows.create}),
            ("/sobjects/(?P<sobject_name>[^/]+)/describe", {"GET": describe.one}),
            (
                "/sobjects/(?P<sobject_name>[^/]+)/(?P<record_id>[^/]+)",
                {"GET": rows.read, "PATCH": rows.update, "DELETE": rows.delete},
            ),
            (
                "/sobjects/(?P<sobject_name>[^/]+)/(?P<field_name>[^/]+)/(?P<value>.+)",
                {"GET": rows.read_by, "PATCH": rows.upsert, "DELETE": rows.delete_by},
            ),
        )
        self._table = tuple((re.compile(path), methods) for path, methods in table)

    def dispatch(self, call: Call) -> Answer:
        """Find the resource and let it work; a write that fails leaves nothing behind."""
        try:
            _check_version(call.version)
            handler, names = self._find(call)
            with call.org.store.transaction():
                return handler(call, **names)
        except RestError as error:
            return failure(error)

    def cost(self, call: Call) -> int:
        """How many calls this counts against the limit: a batch as many as it has parts, everything else one."""
        if call.path != "/composite/batch" or not isinstance(call.body, dict):
            return 1
        wishes = call.body.get("batchRequests")
        return len(wishes) if isinstance(wishes, list) else 1

    def _find(self, call: Call) -> tuple[Handler, dict[str, str]]:
        path = call.path.rstrip("/") or "/"
        for pattern, methods in self._table:
            match = pattern.fullmatch(path)
            if match is None:
                continue
            method = "GET" if call.method == "HEAD" else call.method
            if method not in methods:
                raise method_not_allowed(call.method, list(methods))
            return methods[method], match.groupdict()
        raise not_found()

    def _composite(self, call: Call) -> Answer:
        return composite.composite(call, self.dispatch)

    def _batch(self, call: Call) -> Answer:
        return batch.batch(call, self.dispatch)


def versions() -> list[dict[str, str]]:
    numbers = range(OLDEST, NEWEST + 1)
    return [{"label": _season(n), "url": f"/services/data/v{n}.0", "version": f"{n}.0"} for n in numbers]


def _season(version: int) -> str:
    """Name a release: three a year, 66 is Spring '26, and Winter bears the year to come."""
    year, season = divmod(version - 66, 3)
    return (f"Spring '{26 + year}", f"Summer '{26 + year}", f"Winter '{27 + year}")[season]


def _check_version(version: str) -> None:
    number = version.removesuffix(".0")
    if number.isdigit() and int(number) < OLDEST:
        raise RestError("UNSUPPORTED_API_VERSION", f"The API version {version} is retired.", status=410)
    if not number.isdigit() or int(number) > NEWEST:
        raise not_found()


def _resources(call: Call) -> Answer:
    names = ("sobjects", "query", "queryAll", "limits", "composite")
    return Answer(200, {name: f"{call.base}/{name}" for name in names} | {"identity": call.session.identity})


def _limits(call: Call) -> Answer:
    limit = call.org.settings["daily_limit"]
    return Answer(200, {"DailyApiRequests": {"Max": limit, "Remaining": max(0, limit - call.org.used)}})
