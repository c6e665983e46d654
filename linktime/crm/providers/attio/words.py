"""What people are told of Attio: making an app there, pages that never come back, revoking, what sets it apart."""

from linktime.crm.contract import Comparison

RECORDS = "People and notes"

COMPARISON = Comparison(
    contacts=(
        "A person, found by email. Name and phone are filled in only where there are none; other emails and phones "
        "stay."
    ),
    meetings="A note on the person, with everything that was said at the booking.",
    changes="Each change is a further note, in order; no note is ever rewritten.",
    calls="known invitee 2, new invitee 3, change 1",
    best_for="Young teams who want a whole history on each person, and nothing overwritten.",
)

APP_STEPS = (
    "Open build.attio.com, sign in, and press Create app. An admin of the workspace has to do this.",
    "Open the app's OAuth tab, switch OAuth on, and paste the callback URL below as a redirect URI, exactly as it is.",
    "On the Scopes tab choose Records: read-write, Object configuration: read, and Notes: read-write.",
    "Copy the client id and the client secret from the OAuth tab into the form below, as consumer key and secret.",
)

STUCK = (
    (
        "The redirect_uri does not match",
        "The app at Attio has another redirect URI. Copy the one on this page into its OAuth tab, letter by letter.",
    ),
    (
        "Unknown client, or the app can't be found",
        "The client id is wrong. Copy it again from the app's OAuth tab at build.attio.com.",
    ),
    (
        "You don't have permission to connect apps",
        "Ask an admin of the Attio workspace to connect, or to make you an admin.",
    ),
    (
        "The app has reached its number of workspaces",
        "An unpublished app connects at most 25 workspaces. Use an app of your own, or ask the operator to publish it.",
    ),
)

REVOKE_THERE = (
    "To take the access away on Attio's side too, an admin opens Workspace settings → Apps → LinkTime → Remove. It "
    "works whether or not this page could be reached."
)
