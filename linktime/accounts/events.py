"""What `accounts` tells the rest, through `core.events`, in the transaction that does it."""

from dataclasses import dataclass

from linktime.accounts.models import Account, User


@dataclass(frozen=True, slots=True)
class AccountCreated:
    """An account was made; `owner` is its first member."""

    account: Account
    owner: User


@dataclass(frozen=True, slots=True)
class PlanChanged:
    """An account is on another plan now: `account.plan`."""

    account: Account


@dataclass(frozen=True, slots=True)
class MemberLeft:
    """Somebody is no member of an account any more."""

    account: Account
    user: User
