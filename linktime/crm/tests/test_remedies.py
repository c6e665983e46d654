"""What people are told to do about an error."""

import pytest

from linktime.crm.remedies import GIVEN_UP, remedy_for


@pytest.mark.parametrize(
    ("code", "later", "remedy"),
    [
        ("NEVER_SEEN", False, "Mend it in Salesforce, then press Retry."),
        ("HTTP_503", True, "Nothing to do: LinkTime tries again by itself."),
        ("HTTP_503", False, GIVEN_UP.format(crm="Salesforce")),
        ("UNABLE_TO_LOCK_ROW", False, GIVEN_UP.format(crm="Salesforce")),
        ("UNABLE_TO_LOCK_ROW", True, "Nothing to do: LinkTime tries again by itself."),
        ("needs_reconnect", True, "Reconnect on the Integrations page."),
    ],
)
def test_what_is_tried_again_asks_nothing_of_anybody(code, later, remedy):
    assert remedy_for("salesforce", code, "Some words", later=later).remedy == remedy


@pytest.mark.parametrize("message", ["Some words", "Some words."])
def test_what_nobody_foresaw_is_told_in_the_crms_words(message):
    assert remedy_for("attio", "NEVER_SEEN", message).what == "Attio answered NEVER_SEEN: Some words."
