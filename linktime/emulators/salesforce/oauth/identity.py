"""Who connected: the identity URL, userinfo, and the discovery document."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from linktime.emulators.salesforce.calls import Session
from linktime.emulators.salesforce.oauth.grants import Grants
from linktime.emulators.salesforce.rest import instance_url
from linktime.emulators.salesforce.store import Record

JSON = dict[str, Any]
NEWEST = "66.0"
REST_URLS = {"rest": "", "sobjects": "sobjects/", "search": "search/", "query": "query/", "recent": "recent/"}


class Identity:
    def __init__(self, grants: Grants) -> None:
        self._grants = grants

    async def identity(self, request: Request) -> Response:
        session = self._session(request)
        if isinstance(session, Response):
            return session
        org_id, user_id = request.path_params["org_id"], request.path_params["user_id"]
        if org_id != session.org.id:
            return PlainTextResponse("Wrong_Org", 403)
        user = session.org.store.get("User", user_id)
        if user is None or user_id != session.user_id:
            return PlainTextResponse("Bad_Id", 404)
        return JSONResponse(_identity(session, user, request.query_params))

    async def userinfo(self, request: Request) -> Response:
        session = self._session(request)
        if isinstance(session, Response):
            return session
        user = session.org.store.get("User", session.user_id)
        return JSONResponse(_userinfo(session, user or {}))

    async def discovery(self, request: Request) -> Response:
        base = instance_url(request)
        oauth = f"{base}/services/oauth2"
        return JSONResponse(
            {
                "issuer": base,
                "authorization_endpoint": f"{oauth}/authorize",
                "token_endpoint": f"{oauth}/token",
                "revocation_endpoint": f"{oauth}/revoke",
                "introspection_endpoint": f"{oauth}/introspect",
                "userinfo_endpoint": f"{oauth}/userinfo",
                "scopes_supported": ["api", "full", "id", "openid", "profile", "email", "refresh_token", "web"],
                "response_types_supported": ["code"],
                "code_challenge_methods_supported": ["S256"],
                "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
            }
        )

    def _session(self, request: Request) -> Session | Response:
        token = request.headers.get("authorization", "").partition(" ")[2]
        if not token:
            return PlainTextResponse("Missing_OAuth_Token", 403)
        session = self._grants.session(token, instance_url(request))
        return session or PlainTextResponse("Bad_OAuth_Token", 403)


def _identity(session: Session, user: Record, query: Mapping[str, str]) -> JSON:
    version = query.get("version", "")
    number = NEWEST if version == "latest" else version
    urls = {name: url.replace("{version}", number or "{version}") for name, url in _urls(session).items()}
    return {
        "id": session.identity,
        "asserted_user": True,
        "user_id": user["Id"],
        "organization_id": session.org.id,
        "username": user["Username"],
        "nick_name": user["Alias"],
        "display_name": user["Name"],
        "email": user["Email"],
        "email_verified": True,
        "first_name": user["FirstName"],
        "last_name": user["LastName"],
        "timezone": user["TimeZoneSidKey"],
        "photos": _photos(session),
        "urls": urls,
        "active": user["IsActive"],
        "user_type": "STANDARD",
        "language": user["LanguageLocaleKey"],
        "locale": user["LocaleSidKey"],
        "utcOffset": 0,
        "last_modified_date": user["LastModifiedDate"],
        "is_app_installed": True,
    }


def _userinfo(session: Session, user: Record) -> JSON:
    return {
        "sub": session.identity,
        "user_id": user["Id"],
        "organization_id": session.org.id,
        "preferred_username": user["Username"],
        "nickname": user["Alias"],
        "name": user["Name"],
        "email": user["Email"],
        "email_verified": True,
        "given_name": user["FirstName"],
        "family_name": user["LastName"],
        "zoneinfo": user["TimeZoneSidKey"],
        "photos": _photos(session),
        "profile": f"{session.base_url}/{user['Id']}",
        "urls": _urls(session),
        "active": user["IsActive"],
        "user_type": "STANDARD",
        "language": user["LanguageLocaleKey"],
        "locale": user["LocaleSidKey"],
        "utcOffset": 0,
        "updated_at": user["LastModifiedDate"],
    }


def _urls(session: Session) -> dict[str, str]:
    rest = {name: f"{session.base_url}/services/data/v{{version}}/{path}" for name, path in REST_URLS.items()}
    return rest | {"profile": f"{session.base_url}/{session.user_id}", "custom_domain": session.base_url}


def _photos(session: Session) -> dict[str, str]:
    return {"picture": f"{session.base_url}/profilephoto/005/F", "thumbnail": f"{session.base_url}/profilephoto/005/T"}
