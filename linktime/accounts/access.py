"""The only way to get an object on behalf of somebody.

A stranger's object and no object look the same: `NotFound`, a 404 on pages and in the API.
"""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from linktime.accounts.models import Account, AccountOwned, Membership, Plan, User
from linktime.core.errors import Forbidden, NotFound


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody acting within one account: a member at a page, or an API key. `may_write` is False for a `read` key."""

    account: Account
    user: User
    role: str
    may_write: bool = True

    @property
    def is_owner(self) -> bool:
        return self.role == Membership.Role.OWNER


def actor_for(user: User, handle: str | None = None) -> Actor:
    """Return the actor for a signed-in user: in the named account, else in the one joined first."""
    memberships = user.memberships.select_related("account").order_by("id")
    chosen = memberships.filter(account__handle=handle).first() if handle else memberships.first()
    if chosen is None and not handle:
        raise NotFound("You are not a member of any account now. Ask the owner of one to add you.")
    if chosen is None:
        raise NotFound
    return Actor(account=chosen.account, user=user, role=chosen.role)


def visible[M: AccountOwned](objects: QuerySet[M], actor: Actor) -> QuerySet[M]:
    """Narrow to what the actor's account owns."""
    return objects.filter(account=actor.account)


def get[M: AccountOwned](objects: QuerySet[M], actor: Actor, **lookup: object) -> M:
    """Return the one object of the actor's account; NotFound for anybody else's, too."""
    found = visible(objects, actor).filter(Q(**lookup)).first()
    if found is None:
        raise NotFound
    return found


def require_owner(actor: Actor) -> None:
    if not actor.is_owner:
        raise Forbidden("Only an owner of this account can do that. Ask one of them.", code="owner_required")


def require_write(actor: Actor) -> None:
    if not actor.may_write:
        raise Forbidden("This API key can only read. Use a read-write key.", code="read_only_key")


def require_crm(actor: Actor) -> None:
    plan = Plan(actor.account.plan)
    if not plan.includes_crm:
        raise Forbidden(f"CRM connections need the Pro plan; this account is on {plan.label}.", code="plan_required")
