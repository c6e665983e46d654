from ninja import Router
from pydantic import BaseModel

from linktime.api.keys import ApiRequest

router = Router(tags=["Account"])


class AccountOut(BaseModel):
    id: int
    name: str
    handle: str


class UserOut(BaseModel):
    id: int
    name: str
    email: str
    time_zone: str
    role: str


class Me(BaseModel):
    """Whom the key acts for. `scope` is `read` or `read-write`."""

    account: AccountOut
    plan: str
    user: UserOut
    scope: str


@router.get("/me", response=Me, summary="Whom this key acts for")
def me(request: ApiRequest) -> Me:
    actor = request.auth
    account, user = actor.account, actor.user
    return Me(
        account=AccountOut(id=account.pk, name=account.name, handle=account.handle),
        plan=account.plan,
        user=UserOut(id=user.pk, name=user.name, email=user.email, time_zone=user.time_zone, role=actor.role),
        scope="read-write" if actor.may_write else "read",
    )
