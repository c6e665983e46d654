"""What people are told of Salesforce: making an app there, pages that never come back, revoking, what sets it apart.

From Salesforce's help: "Create an External Client App", "OAuth 2.0 authorization errors", "Connected Apps OAuth Usage".
"""

from linktime.crm.contract import Comparison

RECORDS = "Contacts and Events"

COMPARISON = Comparison(
    contacts=(
        "A Contact, found by email. A known one gets first name and phone, never a last name; of several with one "
        "email, the one with the latest activity is used."
    ),
    meetings="An Event on the Contact, with the invitee's notes and answers.",
    changes=(
        "The same Event moves, and its Description lists the earlier times. Cancelled and no-show are marks in its "
        "Subject. What somebody wrote there stays."
    ),
    calls="known invitee 1, new invitee 2, change 1",
    best_for="Sales teams who live in Salesforce: it works with their duplicate rules, validation rules and sandboxes.",
)

APP_STEPS = (
    "In Salesforce, open Setup → External Client App Manager → New. An admin has to do this.",
    "Switch on OAuth, and paste the callback URL below exactly as it is.",
    "Choose the scopes id, api and refresh_token (offline_access).",
    "Require a secret for the web server flow and for the refresh token flow, and leave PKCE on.",
    "Copy the consumer key and the consumer secret into the form below. A new app takes 2 to 10 minutes to work.",
)

STUCK = (
    (
        "redirect_uri_mismatch: redirect_uri must match configuration",
        "The app in Salesforce has another callback URL. Copy the one on this page into it, letter by letter, and wait "
        "2 to 10 minutes.",
    ),
    (
        "invalid_client_id: client identifier invalid",
        "The consumer key is wrong, belongs to another host (Production or Sandbox), or is younger than 10 minutes.",
    ),
    (
        "OAUTH_APPROVAL_ERROR_GENERIC: An unexpected error has occured during authentication",
        "Your organisation lets only installed apps in. Ask an admin to connect first, or to install the app in "
        "Setup → Connected Apps OAuth Usage. It also appears when the app lacks one of the scopes.",
    ),
    (
        "OAUTH_APP_BLOCKED or OAUTH_APP_ACCESS_DENIED",
        "An admin has blocked the app, or has not given it to your profile: Setup → Connected Apps OAuth Usage, or the "
        "app's policies.",
    ),
    (
        "The login page says that you can't log in here",
        "Your organisation allows logins at its own host only. Choose My Domain and enter it.",
    ),
)

REVOKE_THERE = (
    "To take the access away on Salesforce's side too, an admin opens Setup → Connected Apps OAuth Usage (or Manage "
    "External Client Apps) → LinkTime → Revoke. It works whether or not this page could be reached."
)
