import pytest
from django.core import mail

from linktime.accounts.models import Membership
from linktime.connections.events import ConnectionNeedsReconnect
from linktime.connections.models import Connection, State
from linktime.core.events import publish
from tests import jobs
from tests.people import NOW, join

TASK = "send_reconnect_mail"


@pytest.fixture
def connection(alice, bob, charlie):
    return Connection.objects.create(
        account=alice.account,
        service="salesforce",
        state=State.NEEDS_RECONNECT,
        organisation_key="00D000000000001AAA",
        organisation_name="Analytical Engines",
        environment="production",
        error_code="revoked",
        error_message="An administrator has revoked the access.",
        connected_at=NOW,
    )


def test_every_owner_is_told_what_happened_and_what_to_do(connection):
    """Members, who can do nothing about it, and strangers are not."""
    join("dora@example.com", "Dora", connection.account, Membership.Role.OWNER)
    publish(ConnectionNeedsReconnect(connection=connection))
    assert jobs.work(TASK) == 2
    assert [message.to for message in mail.outbox] == [["alice@example.com"], ["dora@example.com"]]
    message = mail.outbox[0]
    assert message.subject == "Salesforce needs to be reconnected: Analytical Engines"
    assert "An administrator has revoked the access. Reconnect on the Integrations page." in message.body
    assert "none is lost" in message.body
    assert "http://127.0.0.1:8000/dashboard/integrations/" in message.body


def test_nobody_is_told_when_it_works_again(connection):
    publish(ConnectionNeedsReconnect(connection=connection))
    Connection.objects.update(state=State.CONNECTED)
    jobs.work(TASK)
    assert mail.outbox == []


def test_an_organisation_whose_name_has_two_lines_gets_one_subject(connection):
    """Its name comes from the other side, whatever they have there."""
    connection.organisation_name = "Engines\r\nBcc: everybody@example.com"
    connection.save()
    publish(ConnectionNeedsReconnect(connection=connection))
    jobs.work(TASK)
    assert mail.outbox[0].subject == "Salesforce needs to be reconnected: Engines Bcc: everybody@example.com"


def test_what_only_an_admin_can_mend_is_told_with_its_remedy(connection):
    connection.error_code = "inactive_user"
    connection.save()
    publish(ConnectionNeedsReconnect(connection=connection))
    jobs.work(TASK)
    for text in (mail.outbox[0].body, mail.outbox[0].alternatives[0].content):
        assert "The Salesforce user who connected LinkTime has been deactivated." in text
        assert "as an active user" in text
