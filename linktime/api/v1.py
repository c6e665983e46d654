"""The REST API, version 1: its operations, and how it describes itself."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser

from linktime.api import (
    absences,
    backfills,
    bookings,
    crm,
    edge,
    event_types,
    fields,
    me,
    openapi,
    problems,
    schedules,
    slots,
)
from linktime.api.keys import ApiKeyAuth


class StrictParser(Parser):
    def parse_body(self, request: HttpRequest) -> Any:
        return fields.parse_json(request.body)


class Api(NinjaAPI):
    def on_exception(self, request: HttpRequest, exc: Any) -> HttpResponse:  # noqa: ARG002 - ninja's signature
        return problems.of(exc)

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**options)
        openapi.complete(schema)
        return schema


api = Api(
    title="LinkTime",
    version="1",
    description=openapi.DESCRIPTION,
    urls_namespace="api-v1",
    docs_url=None,
    auth=ApiKeyAuth(),
    parser=StrictParser(),
)
api.add_decorator(edge.guarded, mode="view")
for part in (me, schedules, absences, event_types, slots, bookings, crm, backfills):
    api.add_router("", part.router)
