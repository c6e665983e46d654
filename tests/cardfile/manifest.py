from datetime import timedelta

from linktime.connections.facts import Identity, LoginHost, OAuthFacts, Problem, Refusal, Verdict
from linktime.core import http
from linktime.crm.contract import Manifest

URL = "https://cardfile.example"


def identify(url, access_token, _answer, _app):
    told = http.request("GET", f"{url}/me", headers={"Authorization": f"Bearer {access_token.reveal()}"}).json()
    return Identity(told["cabinet"], f"Cabinet {told['cabinet']}", "production")


def problem(error, _description=""):
    return Problem(error, "Cardfile said no.", "Press Connect again.")


MANIFEST = Manifest(
    name="cardfile",
    label="Cardfile",
    oauth=OAuthFacts(
        service="cardfile",
        label="Cardfile",
        scopes=("cards",),
        login_hosts=(LoginHost("cardfile", "Cardfile", URL),),
        allowed_login_host=lambda _host: False,
        allowed_api_host=lambda _host: False,
        authorize_path="/authorize",
        token_path="/token",
        revoke_path="/revoke",
        access_token_life=timedelta(hours=2),
        keep_alive_after=None,
        refresh_verdict=lambda _error, _description: Verdict(Refusal.REVOKED, timedelta()),
        callback_problem=problem,
        host_problem=problem,
        api_url=URL,
        identify=identify,
    ),
    batch=10,
    in_flight=1,
    reads=("the card of an invitee", "the appointments that LinkTime made", "what a card needs"),
    writes=("a card for an invitee who has none", "one appointment a booking"),
    never=("A card that is there",),
    records="Cards and appointments",
    remedies={
        "unwanted": ("Cardfile does not want this invitee.", "Change Cardfile's mind. Then press Retry."),
        "lacking": ("A card needs more than LinkTime has.", "Make it optional. Then press Retry."),
    },
    checked={"lacking"},
)
