"""The only deletion there is: a meeting that arrived so late that it had been created again, if nobody has touched it.

It goes to HubSpot's recycle bin. A contact never has a twin: it is made by its email address.
"""

from linktime.crm.contract import Attempt, Remote, Session
from linktime.crm.providers.hubspot.client import MEETINGS, send
from linktime.crm.providers.hubspot.lookup import candidates, is_as_sent


def remove_twins(session: Session, attempt: Attempt, remote: Remote) -> str:
    """Remove what a lost create made late; an attempt that had not come to the meeting made none."""
    if "properties" not in attempt.values:
        return ""
    found = [row for row in candidates(session, attempt) if is_as_sent(row, attempt)]
    twins = [str(row["id"]) for row in found if str(row["id"]) != remote.meeting_id]
    for twin in twins:
        send(session, "DELETE", f"{MEETINGS}/{twin}")
    return f"Removed what a lost request had made a second time: {len(twins)} meeting." if twins else ""
