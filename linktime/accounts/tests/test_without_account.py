import pytest
from django.test import Client

from linktime.accounts import actions
from linktime.accounts.models import Membership
from tests.people import PASSWORD


@pytest.mark.parametrize(
    "page", ["/dashboard/", "/dashboard/integrations/", "/dashboard/settings/", "/accounts/email/"]
)
def test_who_was_taken_out_of_the_last_account_gets_no_error(alice, bob, page):
    """The pages say what to do; the login itself goes on working."""
    browser = Client()
    browser.post("/accounts/login/", {"login": bob.user.email, "password": PASSWORD})
    actions.remove_member(alice.actor, Membership.objects.get(user=bob.user).pk)
    answer = browser.get(page, follow=True)
    assert answer.status_code == (403 if page.startswith("/dashboard/") else 200)
    assert "account" in answer.text
