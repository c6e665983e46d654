"""An account's own app at a service: consumer key and secret, used before the operator's."""

from django.conf import settings
from django.db import transaction

from linktime.accounts.access import Actor, require_crm, require_owner, require_write
from linktime.accounts.models import Account
from linktime.connections import states, vault
from linktime.connections.facts import Credentials
from linktime.connections.models import Connection, OAuthApp
from linktime.connections.secret import Secret
from linktime.core.errors import Fault, Invalid

LONGEST = 255


def credentials(account: Account, service: str) -> Credentials | None:
    """Return the app to connect with, or None when nobody has given one. Raises VaultError."""
    return _own(account.pk, service) or _operators(service)


def credentials_of(connection: Connection) -> Credentials | None:
    """Return the app that a connection's grant was given to; no other can use it. Raises VaultError."""
    for found in (_own(connection.account_id, connection.service), _operators(connection.service)):
        if found and found.client_id == connection.client_id:
            return found
    return None


def _own(account_id: int, service: str) -> Credentials | None:
    app = OAuthApp.objects.filter(account_id=account_id, service=service).first()
    return Credentials(app.client_id, vault.open_sealed(app, "client_secret"), own=True) if app else None


def _operators(service: str) -> Credentials | None:
    app = settings.SERVICES.get(service, {})
    if not app.get("client_id"):
        return None
    return Credentials(app["client_id"], Secret(app["client_secret"]), own=False)


def own_client_id(actor: Actor, service: str) -> str:
    """Return the consumer key of the account's own app, or nothing; the secret is never shown again."""
    app = OAuthApp.objects.filter(account=actor.account, service=service).first()
    return app.client_id if app else ""


def set_own_app(actor: Actor, service: str, *, client_id: str, client_secret: str) -> None:
    """Connect with this app from now on. A connection made with one that it replaces must be made again.

    Raises Invalid, Forbidden.
    """
    _check_rights(actor)
    client_id, client_secret = client_id.strip(), client_secret.strip()
    _check("client_id", client_id)
    _check("client_secret", client_secret)
    with transaction.atomic():
        app, _ = OAuthApp.objects.update_or_create(
            account=actor.account, service=service, defaults={"client_id": client_id, "client_secret": b""}
        )
        app.client_secret = vault.seal(Secret(client_secret), app, "client_secret")
        app.save(update_fields=["client_secret"])
        _end_grants_of_other_apps(actor.account, service)


def remove_own_app(actor: Actor, service: str) -> None:
    """Go back to the operator's app. A connection made with the removed one must be made again. Raises Forbidden."""
    _check_rights(actor)
    with transaction.atomic():
        OAuthApp.objects.filter(account=actor.account, service=service).delete()
        _end_grants_of_other_apps(actor.account, service)


def _check_rights(actor: Actor) -> None:
    require_write(actor)
    require_owner(actor)
    require_crm(actor)


def _check(field: str, value: str) -> None:
    if not value:
        raise Invalid(Fault(field, "required", "Give both the consumer key and the consumer secret."))
    if len(value) > LONGEST or not value.isascii() or not value.isprintable() or " " in value:
        raise Invalid(Fault(field, "malformed", "That is no consumer key or secret. Copy it again, without spaces."))


def _end_grants_of_other_apps(account: Account, service: str) -> None:
    for connection in Connection.objects.filter(account=account, service=service):
        if connection.live and credentials_of(connection) is None:
            states.grant_died(
                connection,
                code="app_changed",
                message="The app it was connected with is no longer set here. Connect again with the new one.",
            )
