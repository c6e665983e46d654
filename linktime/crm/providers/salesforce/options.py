"""What people may choose: what happens when a duplicate rule takes a new Contact for one that is there.

A Contact with the invitee's own email is used in any case. Whether a rule alerts or blocks is the admin's choice; an
alert is passed with a header, a block by nothing (REST guide: Sforce-Duplicate-Rule-Header).
"""

from linktime.crm.contract import Choice, Option, Push

SAVE, MATCH, ASK = "save", "match", "ask"

DUPLICATES = Option(
    name="duplicates",
    question="When a duplicate rule takes an invitee for a Contact with another email",
    choices=(
        Choice(
            SAVE,
            "Save a new Contact anyway",
            "Rules that only alert are passed. Where a rule blocks, the booking fails and says so.",
            action="Save anyway",
        ),
        Choice(
            MATCH,
            "Use the Contact that the rule names",
            "The booking's Event goes to the first match, even if that is somebody else. Nothing of it is changed.",
            action="Use the match",
        ),
        Choice(ASK, "Ask each time", "The booking waits in Activity until somebody decides."),
    ),
    default=SAVE,
    codes=("DUPLICATES_DETECTED",),
)


def about_duplicates(push: Push) -> str:
    """Return the choice for a booking."""
    return push.options.get(DUPLICATES.name, DUPLICATES.default)
