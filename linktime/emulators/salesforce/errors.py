"""The errors of the REST API: a status and an array of `{"message", "errorCode", "fields"}`."""

from typing import Any


class RestError(Exception):
    """One thing that is wrong with a call or with a record."""

    def __init__(
        self,
        code: str,
        message: str,
        *,
        status: int = 400,
        fields: list[str] | None = None,
        extra: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.code, self.message, self.status, self.fields, self.extra = code, message, status, fields, extra or {}

    def body(self) -> list[dict[str, Any]]:
        """Describe it as a call's answer (REST guide: status codes and error responses)."""
        row: dict[str, Any] = {**self.extra, "message": self.message, "errorCode": self.code}
        return [row if self.fields is None else row | {"fields": self.fields}]

    def save_error(self) -> dict[str, Any]:
        """Describe it as part of a collection's answer (REST guide: sObject collections)."""
        row = {"statusCode": self.code, "message": self.message, "fields": self.fields or []}
        return self.extra | row


def not_found(message: str = "The requested resource does not exist") -> RestError:
    return RestError("NOT_FOUND", message, status=404)


def no_such_record(segment: str) -> RestError:
    return not_found(f"Provided external ID field does not exist or is not accessible: {segment}")


def no_such_column(name: str, sobject: str) -> RestError:
    return RestError("INVALID_FIELD", f"No such column '{name}' on sobject of type {sobject}")


def method_not_allowed(method: str, allowed: list[str]) -> RestError:
    names = ",".join(sorted({"HEAD", *allowed} if "GET" in allowed else allowed))
    message = f"HTTP Method '{method}' not allowed. Allowed are {names}"
    return RestError("METHOD_NOT_ALLOWED", message, status=405)


def unreadable(message: str) -> RestError:
    return RestError("JSON_PARSER_ERROR", message)
