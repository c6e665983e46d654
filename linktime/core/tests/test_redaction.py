"""What must not be seen is masked wherever it stands; what helps to understand a log line stays."""

import random
import string
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linktime.core.redaction import redacted

UUID = "7f3e1f4c-1d2e-4b5a-9c8d-123456789abc"
SALESFORCE = "00D5e000001abcd!AQEAQGz.7vT_8xk1mYw3.PqRsTuVwXyZ0123456789abcdefGHIJ"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJncmFjZSJ9.Qm9vLXdob28tdGhlcmUtMTIz"
HEX = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("mail to grace@example.com bounced", "grace"),
        ("Key (invitee_email)=(o'brien+x@mail.example.co.uk) exists", "brien"),
        ('<"grace hopper"@example.com>', "grace"),
        ("grace@[127.0.0.1] and grace%40example.com and grace\\u0040example.com", "grace"),
        ("Größe.müller@bücher.example", "müller"),
        ("GET https://api.example.com/v1/people?email=grace: timed out", "grace"),
        ("POST /accounts/login/?next=/b/x refused", "next"),
        ("callback#access_token=abc", "abc"),
        ("see https://api.example.com/callback#code=4/abc", "4/abc"),
        ("postgresql://linktime:p@ss/word@db:5432/linktime", "p@ss"),
        ("smtp://me:hush@mail.example.com:587", "hush"),
        ("call +44 20 7123 4567 now", "7123"),
        ("call +442071234567 now", "2071234567"),
        ("call (020) 7123-4567", "7123"),
        ("call 020 71 23 45 67", "71 23"),
        ("call 030/12345678", "12345678"),
        ("call 555.123.4567", "4567"),
        ("call +1 (555) 123‑4567", "4567"),
        ("call 22 33 44 55", "33 44"),
        ("tel:+4915112345678;ext=2", "15112345678"),
        ("Authorization: Bearer abc.def", "abc.def"),
        ("{'Authorization': 'Basic YWxhZGRpbg=='}", "YWxhZGRpbg"),
        ('{"access_token": "short", "x": 1}', "short"),
        ("refresh_token=a%2Fb&grant_type=refresh_token", "a%2Fb"),
        ("client_secret='hush hush'", "hush"),
        ("password: correct", "correct"),
        ("LINKTIME_SALESFORCE_CLIENT_SECRET=hush", "hush"),
        ("X-Api-Key: abc", "abc"),
        ("Set-Cookie: sessionid=abc; Path=/", "abc"),
        ("it said bearer abc", "abc"),
        (f"invalid session {SALESFORCE} given", "AQEAQ"),
        (f"refused {JWT}", "eyJ"),
        (f"refused {HEX}", HEX[:10]),
        (f"client {UUID} unknown", UUID[:8]),
        ("na1-7f3e-1d2e-4b5a-9c8d-123456789abc", "9c8d"),
        ("lt_Jx0aPq-Zk3_ab2d9dk39dkKQ", "Jx0a"),
        ("Not Found: /b/aBcDeFgHiJkLmNoPqRsTuV", "aBcD"),
        ("uid aBcDeFgHiJkLmNoPqRsTuV", "aBcD"),
        ("Not Found: /accounts/confirm-email/MQ:1uXyZ2:4kJd83jd8xk2md83jd8xk2md83jd8xk2md83/", "4kJd"),
        ("null value\nDETAIL:  Failing row contains (1, Grace Hopper, hello).\nHINT: none", "Grace"),
        ("syntax error\nLINE 1: INSERT INTO b VALUES ('Grace Hopper')\n               ^", "Grace"),
        ("Failing row contains (1, Grace\nHopper).", "Hopper"),
        ("Input should be an integer [type=int_parsing, input_value='Grace', input_type=str]", "Grace"),
    ],
)
def test_what_must_not_be_seen_is_masked(text, hidden):
    assert hidden not in redacted(text)


@pytest.mark.parametrize(
    "text",
    [
        "booking 123456 at revision 3 was pushed in 2 calls, 0.123456789 s",
        "2026-11-23 08:00:00.123456+00:00 and 2026-11-23T08:00:00Z and 2026-11-23",
        "linktime.crm.providers.salesforce.provider says FIELD_CUSTOM_VALIDATION_EXCEPTION",
        "ConnectionNeedsReconnectError: new tokens wait for the database",
        "GET https://acme.my.salesforce.com/services/data/v66.0/sobjects/Contact/0035e00001AbCdEAAV: 404",
        "applying crm.0004_sync_attempts_by_age to test_linktime_gw0",
        "Read timed out after 60 s; HTTP 503, port 5432",
        '  File "/usr/lib/python3.13/site-packages/django/db/backends/utils.py", line 105, in _execute',
    ],
)
def test_what_helps_stays(text):
    assert redacted(text) == text


def test_secrets_that_are_known_are_masked_whatever_they_look_like():
    assert redacted("it answered correct-horse to me", ["correct-horse"]) == "it answered […] to me"


@given(st.emails(), st.sampled_from(["{}", "to <{}>:", "'{}',", "a={} b", "(x, {})"]))
def test_no_email_survives(email, around):
    assert email not in redacted(around.format(email))


def token(seed: int, alphabet: str) -> str:
    """Random characters, one of them a digit: without any, what is random and what is CamelCase can't be told apart."""
    chance = random.Random(seed)
    text = "".join(chance.choices(alphabet, k=chance.randint(32, 100)))
    return text[:10] + "7" + text[11:]


@pytest.mark.parametrize("extra", ["", "_-", ".!", "_-.~"])
@given(st.integers(0, 2**40), st.sampled_from(["{}", "refused {}, sorry", "'{}'", "({})", "https://example.com/{}/x"]))
def test_no_token_survives(extra, seed, around):
    secret = token(seed, string.ascii_letters + string.digits + extra)
    assert secret not in redacted(around.format(secret))
    secret = token(seed, string.digits + "abcdef")
    assert secret not in redacted(around.format(secret))


@given(st.integers(10**7, 10**14), st.sampled_from(["+{}", "{}", "tel:+{}", "({})"]))
def test_no_phone_number_survives(number, around):
    assert str(number) not in redacted(around.format(number))


@pytest.mark.parametrize(
    "text", ["a", "aB3", "a-", "1 ", "1.", "/a", "a@", "token", "token=", "x=1&", "://", '"', "00D!A."]
)
def test_a_hostile_text_takes_no_time(text):
    begun = time.process_time()
    redacted(text * (20_000 // len(text)))
    assert time.process_time() - begun < 2
