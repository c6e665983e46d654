import re

import pytest
from django.core import mail
from django.test import Client

from tests import jobs

GRACE = {
    "name": "Grace Hopper",
    "email": "Grace@Example.com",
    "password1": "anchors aweigh",
    "time_zone": "America/New_York",
}


@pytest.fixture
def visitor(db):
    return Client()


@pytest.fixture
def grace(visitor):
    """Somebody who has signed up and given her password again, as changes to a login ask, and whose mail is out."""
    visitor.post("/accounts/signup/", GRACE)
    visitor.post("/accounts/reauthenticate/", {"password": GRACE["password1"]})
    jobs.work("post_letter")
    return visitor


def link_in(message) -> str:
    """The path of the link in a letter."""
    return re.search(r"http://127\.0\.0\.1:8000(/accounts/\S+)", message.body)[1]


def last_letter():
    jobs.work("post_letter")
    return mail.outbox[-1]
