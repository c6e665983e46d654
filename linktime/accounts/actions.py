"""What people do with accounts: make one, rename it, let others in, and make API keys.

Called by pages, commands and the API alike. `Invalid` names every fault at once.
"""

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import IntegrityError, transaction

from linktime.accounts import access, handles
from linktime.accounts.access import Actor
from linktime.accounts.events import AccountCreated, MemberLeft, PlanChanged
from linktime.accounts.models import Account, ApiKey, Membership, Plan, User
from linktime.core import text
from linktime.core.errors import Conflict, Fault, Forbidden, Invalid, NotFound
from linktime.core.events import publish
from linktime.core.faults import Faults, refuse
from linktime.core.values import one_of

LONGEST_NAME = 200
LONGEST_KEY_NAME = 100


@transaction.atomic
def create_user(*, email: str, password: str, name: str, time_zone: str = "UTC") -> User:
    """Make a user whose address counts as confirmed: for operators, who know whom they let in."""
    with Faults() as faults:
        with faults.at("email"):
            email = text.email(email).lower()
            if User.objects.filter(email=email).exists():
                refuse("taken", "There is a user with this address already.")
        with faults.at("name"):
            name = text.line(name, at_most=LONGEST_NAME)
        with faults.at("time_zone"):
            time_zone = text.time_zone(time_zone)
    user = User.objects.create_user(email, password, name=name, time_zone=time_zone)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


@transaction.atomic
def create_account(*, owner: User, name: str, handle: str = "", plan: str = "") -> Account:
    """Make an account with its first owner, in one transaction with all that reacts to it.

    Without a `handle` one is derived from the name; without a `plan` it is the installation's.
    """
    with Faults() as faults:
        with faults.at("name"):
            name = text.line(name, at_most=LONGEST_NAME)
        with faults.at("handle"):
            handle = handles.chosen(handle) if handle else ""
    account = _with_handle(name=name, handle=handle, plan=Plan(plan or settings.DEFAULT_PLAN))
    Membership.objects.create(account=account, user=owner, role=Membership.Role.OWNER)
    publish(AccountCreated(account=account, owner=owner))
    return account


@transaction.atomic
def change_plan(account: Account, plan: str) -> None:
    """Put the account on another plan; its connections pause or resume with it."""
    changed = Account.objects.filter(pk=account.pk).exclude(plan=plan).update(plan=Plan(plan))
    account.plan = plan
    if changed:
        publish(PlanChanged(account=account))


def rename(actor: Actor, *, name: str, handle: str) -> None:
    """Change the account's name and handle; links with the old handle stop working."""
    access.require_owner(actor)
    account = actor.account
    with Faults() as faults:
        with faults.at("name"):
            name = text.line(name, at_most=LONGEST_NAME)
        with faults.at("handle"):
            handle = account.handle if handle == account.handle else handles.chosen(handle)
    try:
        with transaction.atomic():
            Account.objects.filter(pk=account.pk).update(name=name, handle=handle)
    except IntegrityError as error:
        raise Invalid(_taken()) from error
    account.name, account.handle = name, handle


def update_profile(user: User, *, name: str, time_zone: str) -> None:
    with Faults() as faults:
        with faults.at("name"):
            name = text.line(name, at_most=LONGEST_NAME)
        with faults.at("time_zone"):
            time_zone = text.time_zone(time_zone)
    user.name, user.time_zone = name, time_zone
    user.save(update_fields=["name", "time_zone"])


def add_member(actor: Actor, *, email: str, role: str) -> Membership:
    """Let somebody in who has signed up and confirmed the address: until then it could be anybody's."""
    access.require_owner(actor)
    with Faults() as faults:
        with faults.at("email"):
            user = _confirmed(text.email(email).lower())
        with faults.at("role"):
            role = one_of(role, Membership.Role.values)
    membership, new = Membership.objects.get_or_create(account=actor.account, user=user, defaults={"role": role})
    if not new:
        raise Conflict(f"{user} is a member already.", code="already_member")
    return membership


@transaction.atomic
def remove_member(actor: Actor, membership_id: int) -> None:
    """Take somebody out of the account, with their API keys; anybody may take out themselves."""
    membership = _locked(actor, membership_id)
    if membership.user_id != actor.user.pk:
        access.require_owner(actor)
    _keep_an_owner(membership)
    ApiKey.objects.filter(account=membership.account, user=membership.user).delete()
    membership.delete()
    publish(MemberLeft(account=membership.account, user=membership.user))


@transaction.atomic
def change_role(actor: Actor, membership_id: int, *, role: str) -> Membership:
    access.require_owner(actor)
    with Faults() as faults, faults.at("role"):
        role = one_of(role, Membership.Role.values)
    membership = _locked(actor, membership_id)
    if role != Membership.Role.OWNER:
        _keep_an_owner(membership)
    membership.role = role
    membership.save(update_fields=["role"])
    return membership


def issue_key(actor: Actor, *, name: str, scope: str) -> tuple[ApiKey, str]:
    """Make an API key and return it with its text, which nobody can read again."""
    access.require_write(actor)
    with Faults() as faults:
        with faults.at("name"):
            name = text.line(name, at_most=LONGEST_KEY_NAME)
        with faults.at("scope"):
            scope = one_of(scope, ApiKey.Scope.values)
    return ApiKey.issue(account=actor.account, user=actor.user, name=name, scope=scope)


def revoke_key(actor: Actor, key_id: int) -> None:
    """Make an API key useless at once: one's own, or as an owner anybody's."""
    access.require_write(actor)
    key = access.get(ApiKey.objects.all(), actor, pk=key_id)
    if key.user_id != actor.user.pk:
        access.require_owner(actor)
    key.delete()


def _taken() -> Fault:
    return Fault("handle", "taken", "Somebody else has this address. Choose another one.")


def _with_handle(*, name: str, handle: str, plan: Plan) -> Account:
    """Insert the account; the unique index decides who gets a handle, whoever asks at the same instant."""
    for candidate in [handle] if handle else handles.candidates(handles.suggested(name)):
        try:
            with transaction.atomic():  # a savepoint: the caller's transaction survives a handle that is taken
                return Account.objects.create(name=name, handle=candidate, plan=plan)
        except IntegrityError:
            continue
    raise Invalid(_taken())


def _confirmed(email: str) -> User:
    """Return the user who has proved to own an address; says the same of unknown and of unconfirmed ones."""
    user = User.objects.filter(emailaddress__email=email, emailaddress__verified=True, is_active=True).first()
    if user is None:
        refuse("unknown", "Nobody has signed up here and confirmed this address. Ask them to do both, then add them.")
    return user


def _locked(actor: Actor, membership_id: int) -> Membership:
    """Fetch a membership with its account locked: two owners who remove each other do so one after the other."""
    Account.objects.select_for_update().get(pk=actor.account.pk)
    members = Membership.objects.filter(account=actor.account)
    if not members.filter(user=actor.user, role=actor.role).exists():
        raise Forbidden("Your own role in this account has just changed. Reload the page.", code="role_changed")
    found = members.select_related("user", "account").filter(pk=membership_id).first()
    if found is None:
        raise NotFound
    return found


def _keep_an_owner(membership: Membership) -> None:
    if membership.role != Membership.Role.OWNER:
        return
    owners = Membership.objects.filter(account=membership.account, role=Membership.Role.OWNER)
    if not owners.exclude(pk=membership.pk).exists():
        raise Conflict(f"{membership.user} is the only owner. Make somebody else an owner first.", code="last_owner")
