"""Grants to somebody else's service. Secrets are stored encrypted, see `vault.py`."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linktime.accounts.models import AccountOwned, User
from linktime.connections.fields import SealedField


class State(models.TextChoices):
    CONNECTED = "connected", _("Connected")
    PAUSED = "paused", _("Paused")
    NEEDS_RECONNECT = "needs_reconnect", _("Needs reconnecting")
    DISCONNECTED = "disconnected", _("Disconnected")


class Connection(AccountOwned):
    """One account's grant at one organisation of one service.

    Kept after disconnecting, without its secrets: reconnecting to the same organisation goes on with this row.
    `generation` rises with every change of the tokens. A refresh is claimed until `refreshing_until`, and none is
    begun before `refresh_after`, both by the database's clock (see `tokens.py`). `client_id` is the app the grant was
    given to. `options` are what people chose about it, by name; their meaning is the service's.
    """

    State = State

    service = models.CharField(max_length=20)
    state = models.CharField(max_length=20, choices=State.choices, default=State.CONNECTED)
    connected_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    organisation_key = models.CharField(max_length=100)
    organisation_name = models.CharField(max_length=255)
    environment = models.CharField(max_length=20)
    login_url = models.URLField(max_length=255)
    api_url = models.URLField(max_length=255)
    client_id = models.CharField(max_length=255)
    scopes = models.CharField(max_length=500, blank=True)
    options = models.JSONField(default=dict, db_default={})
    access_token = SealedField(null=True)
    refresh_token = SealedField(null=True)
    expires_at = models.DateTimeField(null=True)
    generation = models.PositiveIntegerField(default=0)
    refreshing_until = models.DateTimeField(null=True)
    refresh_after = models.DateTimeField(null=True)
    refreshed_at = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=100, blank=True)
    error_message = models.TextField(blank=True)
    connected_at = models.DateTimeField()
    disconnected_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "service", "organisation_key"], name="one_row_an_organisation"),
            models.UniqueConstraint(
                fields=["account", "service"], condition=~Q(state="disconnected"), name="one_live_connection_a_service"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service}: {self.organisation_name}"

    @property
    def live(self) -> bool:
        return self.state != State.DISCONNECTED


class OAuthApp(AccountOwned):
    """An account's own app at a service: consumer key and (encrypted) secret."""

    service = models.CharField(max_length=20)
    client_id = models.CharField(max_length=255)
    client_secret = SealedField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "service"], name="one_app_a_service")]

    def __str__(self) -> str:
        return f"{self.service} app of {self.account}"


class PendingAuthorization(AccountOwned):
    """A trip to a service's consent page that has not come back: state (hashed), PKCE verifier (encrypted)."""

    service = models.CharField(max_length=20)
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    state_digest = models.CharField(max_length=64, unique=True)
    verifier = SealedField()
    login_url = models.URLField(max_length=255)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.service} for {self.account}"
