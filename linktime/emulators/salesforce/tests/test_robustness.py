"""Whatever is sent, the answer is one of the service's, never a mistake of the emulator's."""

import random
from datetime import UTC, datetime
from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from linktime.emulators.salesforce.calls import Call, Session
from linktime.emulators.salesforce.ids import make_id
from linktime.emulators.salesforce.organisation import Organisation
from linktime.emulators.salesforce.resources import Resources
from linktime.emulators.salesforce.settings import SETTINGS
from linktime.emulators.settings import Settings

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner))
names = st.sampled_from(
    ["LastName", "Email", "StartDateTime", "EndDateTime", "DurationInMinutes", "WhoId", "attributes"]
)
moments = st.sampled_from(["2027-05-01T10:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "x"])
rows = st.dictionaries(names, values | moments)
typed = rows.map(lambda row: {"attributes": {"type": "Event"}} | row)
parts = st.fixed_dictionaries(
    {},
    optional={
        "method": st.sampled_from(["GET", "POST", "PATCH", "DELETE", "get"]) | values,
        "url": st.sampled_from(
            [
                "/services/data/v66.0/sobjects/Event",
                "/services/data/v66.0/sobjects/Contact/@{a.id}",
                "/services/data/v66.0/composite/sobjects",
                "/services/data/v66.0/query?q=SELECT+Id+FROM+Event+WHERE+%ff=%27",
                "v66.0/sobjects/Event",
            ]
        )
        | values,
        "referenceId": st.sampled_from(["a", "b", "c"]) | values,
        "body": rows | values,
        "httpHeaders": st.dictionaries(st.sampled_from(["If-Unmodified-Since", "x"]), st.text()) | values,
        "richInput": rows | values,
    },
)
envelopes = st.fixed_dictionaries(
    {}, optional={key: st.lists(parts | values, max_size=3) | values for key in ("compositeRequest", "batchRequests")}
)
WORDS = (
    "SELECT Id Name COUNT() FROM Event Contact WHERE = != LIKE IN NOT AND OR ( ) , 'a' '\\' '\\%' 5 null true "
    "2026-01-01T00:00:00Z ORDER BY Description ASC NULLS LAST LIMIT OFFSET -1 1.5 WhoId Subject IsDeleted"
)
words = st.sampled_from(WORDS.split())


def organisation():
    ids = count(2)
    org = Organisation(
        make_id("00D", 1),
        Settings(SETTINGS, {}),
        clock=lambda: datetime.now(tz=UTC),
        new_id=lambda prefix: make_id(prefix, next(ids)),
        rng=random.Random(1),
    )
    org.found()
    return org


few = settings(max_examples=40, deadline=None)
ORG = organisation()
RESOURCES = Resources()


def call(method, path, body=None, **query):
    session = Session(ORG, ORG.first_user, "api", "", "")
    answer = RESOURCES.dispatch(Call(session, method, "66.0", path, query, {}, body))
    assert 200 <= answer.status < 500
    return answer


@few
@given(rows | values)
def test_any_row(body):
    for name in ("Contact", "Event"):
        call("POST", f"/sobjects/{name}", body)
    call("PATCH", "/sobjects/Contact/Email/a@x.com", body)


@few
@given(
    st.fixed_dictionaries({}, optional={"records": st.lists(typed | values, max_size=3) | values, "allOrNone": values})
)
def test_any_collection(body):
    for method in ("POST", "PATCH"):
        call(method, "/composite/sobjects", body)
    call("PATCH", "/composite/sobjects/Contact/Email", body)
    call("POST", "/composite/sobjects/Contact", body)


@few
@given(envelopes)
def test_any_envelope(body):
    call("POST", "/composite", body)
    call("POST", "/composite/batch", body)


@few
@given(st.lists(words, max_size=14))
def test_any_query(text):
    for start in ("", "SELECT Id FROM Event WHERE ", "SELECT Id FROM Contact "):
        call("GET", "/query", q=start + " ".join(text))
