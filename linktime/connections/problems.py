"""What can stop somebody on the way to a connection, the same at every service."""

from linktime.connections.facts import Problem
from linktime.core.errors import DomainError


class ConnectProblem(DomainError):
    """Connecting did not work. `problem` says what happened and what to do."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.what} {problem.remedy}", code=problem.code)
        self.problem = problem


def no_app(label: str) -> Problem:
    return Problem(
        "no_app",
        f"This installation has no app at {label} yet.",
        "Enter the consumer key and secret of your own app below, or ask the operator to set one.",
    )


def unreadable_secret(label: str) -> Problem:
    return Problem(
        "unreadable_secret",
        f"The stored consumer secret for {label} can't be decrypted with this installation's keys.",
        "Enter the consumer key and secret again, or ask the operator to put the old encryption key back.",
    )


def unknown_state(label: str) -> Problem:
    return Problem(
        "unknown_state",
        f"This answer from {label} belongs to no connection that you began here.",
        "Press Connect again, and finish in the same browser and account.",
    )


def used(label: str) -> Problem:
    return Problem(
        "already_used",
        f"This answer from {label} was used before.",
        "If the page below says Connected, all is well. If not, press Connect again.",
    )


def expired(label: str) -> Problem:
    return Problem(
        "expired", f"It took more than 15 minutes to come back from {label}.", "Press Connect and log in again."
    )


def no_code(label: str) -> Problem:
    return Problem("no_code", f"{label} sent you back without an answer.", "Press Connect again.")


def unreachable(label: str) -> Problem:
    return Problem(
        "unreachable",
        f"{label} could not be reached, or did not answer, after you agreed.",
        "Wait a minute and press Connect again; nothing was stored.",
    )


def no_refresh_token(label: str) -> Problem:
    return Problem(
        "no_refresh_token",
        f"{label} gave access for a few hours only: the app's scopes lack offline access.",
        "Add the scope “Perform requests at any time (refresh_token, offline_access)” to the app, then connect again.",
    )


def wrong_api(label: str) -> Problem:
    return Problem(
        "wrong_api",
        f"The answer from {label} names a server that isn't {label}'s.",
        "Nothing was stored. Check at which host you logged in, and press Connect again.",
    )
