"""Plans and connections: a downgrade pauses them, an upgrade resumes them."""

from linktime.accounts.events import PlanChanged
from linktime.accounts.models import Plan
from linktime.connections import states
from linktime.core import clock


def follow_plan(event: PlanChanged) -> None:
    if Plan(event.account.plan).includes_crm:
        states.resume_for_plan(event.account, clock.now())
    else:
        states.pause_for_plan(event.account)
