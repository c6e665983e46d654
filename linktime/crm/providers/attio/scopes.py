"""What LinkTime may do at Attio; the app there says it, no consent page is asked for it."""

NEEDED = ("record_permission:read-write", "object_configuration:read", "note:read-write")


def missing_scopes(granted: str) -> list[str]:
    """Return the scopes that a grant lacks; one to read and write includes the one to read."""
    has = set(granted.split())
    has |= {scope.removesuffix("-write") for scope in has if scope.endswith(":read-write")}
    return [scope for scope in NEEDED if scope not in has]
