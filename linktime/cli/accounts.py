"""`linktime account`: what an operator does with accounts."""

import secrets
from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.db.models import Count

from linktime.accounts import actions
from linktime.accounts.models import Account, Plan
from linktime.bookings import erasure
from linktime.cli.problems import Stop
from linktime.core import clock


@transaction.atomic
def create(*, email: str, name: str, handle: str, plan: str, time_zone: str, password: str) -> None:
    """Make a user and an account of theirs, and say how to log in."""
    plan = _plan(plan or settings.DEFAULT_PLAN)
    made = password or secrets.token_urlsafe(12)
    owner = actions.create_user(email=email, password=made, name=name or email.partition("@")[0], time_zone=time_zone)
    account = actions.create_account(owner=owner, name=owner.name, handle=handle, plan=plan)
    print(f"Made {settings.BASE_URL}/{account.handle} on plan {account.plan}.")
    print(f"Log in at {settings.BASE_URL}/dashboard/ as {owner.email}" + ("." if password else f" with {made}"))


def change_plan(handle: str, plan: str) -> None:
    account = _account(handle)
    actions.change_plan(account, _plan(plan))
    print(f"{account.handle} is on plan {account.plan}.")


def show() -> None:
    """Print a line for each account."""
    accounts = Account.objects.annotate(people=Count("members")).order_by("handle")
    width = max((len(account.handle) for account in accounts), default=0)
    for account in accounts:
        people = "1 person" if account.people == 1 else f"{account.people} people"
        print(f"{account.handle:{width}}  {account.plan:5}  {people:10}  {account.name}")


def _plan(plan: str) -> str:
    if plan not in Plan.values:
        raise Stop(f"There is no plan {plan!r}; use one of {', '.join(Plan.values)}.")
    return plan


def erase_invitee(handle: str, email: str, *, ask: Callable[[str], bool]) -> None:
    """Forget an invitee in one account, once `ask` has agreed to what is told of it."""
    account = _account(handle)
    known = erasure.look(account, email, clock.now())
    if known.nothing:
        print(f"{account.handle} knows nothing of {known.email}.")
        return
    more = f", who is a guest of {known.guest_of} more" if known.guest_of else ""
    print(f"{account.handle} has {len(known.bookings)} bookings of {known.email}{more}.")
    if not known.ahead and not ask("Erase name, address, phone, notes and answers? The CRMs keep what they show."):
        return
    erasure.erase_invitee(account, email, clock.now())
    print("Erased here. In the CRMs, mailboxes and backups that have it, it has to be deleted apart.")


def _account(handle: str) -> Account:
    account = Account.objects.filter(handle=handle).first()
    if account is None:
        raise Stop(f"There is no account {handle!r}. See them all with: linktime account list")
    return account
