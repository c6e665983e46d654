"""What people are told of HubSpot: making an app there, pages that never come back, revoking, what sets it apart.

From HubSpot's developer documentation ("OAuth", "Manage apps") and its knowledge base ("Connected apps").
"""

from linktime.crm.contract import Comparison

RECORDS = "Contacts and meetings"

COMPARISON = Comparison(
    contacts=(
        "A contact, found by any of its email addresses. A known one gets first name and phone, never a last name."
    ),
    meetings="A meeting on the contact, with its outcome, the invitee's notes and answers.",
    changes=(
        "The same meeting moves; its outcome becomes Rescheduled, Canceled or No show. Everything but times, outcome "
        "and internal notes is left as people edit it."
    ),
    calls="known invitee 2, new invitee 3, change 1",
    best_for="Marketing and sales teams who report on meeting outcomes.",
)

APP_STEPS = (
    "Make a HubSpot developer project with an app that uses OAuth (hs project create, then hs project upload).",
    "Enter the callback URL below exactly as it is under redirectUrls. HubSpot takes https only, except for localhost.",
    "Require the scopes oauth, crm.objects.contacts.read and crm.objects.contacts.write, and no others.",
    "Open the app's page in HubSpot, tab Auth, and copy the client ID and the client secret into the form below.",
)

STUCK = (
    (
        "Authorization failed because there is a mismatch between the scopes in the install URL and the app's "
        "configured scopes",
        "The app requires other scopes than LinkTime asks for. Set oauth, crm.objects.contacts.read and "
        "crm.objects.contacts.write, upload the project again, and press Connect.",
    ),
    (
        "Authorization failed because the redirect URL doesn't match the registered ones",
        "Copy the callback URL on this page into the app, letter by letter; it must begin with https, unless it is "
        "localhost. Upload the project again.",
    ),
    (
        "Authorization failed because the client ID doesn't exist",
        "Copy the client ID again from the app's page, tab Auth, save it, and press Connect.",
    ),
    (
        "You need permission to install apps",
        "Only a Super Admin, or a user with App Marketplace Access, may connect. Ask one of them to press Connect.",
    ),
)

REVOKE_THERE = (
    "To take the access away on HubSpot's side too, an admin opens Settings → Integrations → Connected Apps → LinkTime "
    "→ Uninstall. It works whether or not this page could be reached."
)
