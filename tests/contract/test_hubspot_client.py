"""HubSpot's official client works with the emulator as it does with the real service."""

import pytest
from hubspot import HubSpot
from hubspot.crm.associations.v4 import AssociationSpec as Label
from hubspot.crm.associations.v4 import (
    BatchInputPublicFetchAssociationsBatchRequest,
    PublicFetchAssociationsBatchRequest,
)
from hubspot.crm.contacts import (
    ApiException,
    BatchInputSimplePublicObjectBatchInputUpsert,
    SimplePublicObjectBatchInputUpsert,
)
from hubspot.crm.contacts import SimplePublicObjectInputForCreate as NewContact
from hubspot.crm.objects.meetings import ApiException as MeetingError
from hubspot.crm.objects.meetings import (
    AssociationSpec,
    PublicAssociationsForObject,
    PublicObjectId,
    SimplePublicObjectInput,
)
from hubspot.crm.objects.meetings import SimplePublicObjectInputForCreate as NewMeeting
from hubspot.oauth import ApiException as OAuthError

APP = {"client_id": "app", "client_secret": "secret"}
TIMES = {"hs_timestamp": "2027-05-01T10:00:00Z", "hs_meeting_start_time": "2027-05-01T10:00:00Z"}


@pytest.fixture
def hubspot(emulator):
    service = emulator.at("hubspot")
    service.reset()
    return service


@pytest.fixture
def client(hubspot):
    return HubSpot(access_token=hubspot.token(client_id="app")["access_token"], host=hubspot.url)


def upsert(client, *inputs):
    wanted = [SimplePublicObjectBatchInputUpsert(id_property="email", **one) for one in inputs]
    return client.crm.contacts.batch_api.upsert(BatchInputSimplePublicObjectBatchInputUpsert(inputs=wanted))


def grace(client, **properties):
    return upsert(client, {"id": "Grace@example.com", "properties": properties}).results[0]


def new_meeting(contact_id, type_id=200, **properties):
    types = [AssociationSpec(association_category="HUBSPOT_DEFINED", association_type_id=type_id)]
    links = [PublicAssociationsForObject(to=PublicObjectId(id=contact_id), types=types)]
    return NewMeeting(properties={**TIMES, "hs_meeting_title": "Intro", **properties}, associations=links)


def test_contacts_are_upserted_by_email(client):
    """What is not named stays; the second answer says that it was there."""
    first = grace(client, firstname="Grace", lastname="Hopper")
    second = grace(client, phone="+12025550123")
    assert (first.new, second.new, first.id) == (True, False, second.id)
    names = ("email", "firstname", "lastname", "phone")
    shown = client.crm.contacts.basic_api.get_by_id(first.id, properties=list(names)).properties
    assert [shown[name] for name in names] == ["grace@example.com", "Grace", "Hopper", "+12025550123"]


def test_one_bad_input_fails_the_batch_unless_all_can_be_traced(client, hubspot):
    good, bad = {"id": "a@example.com", "properties": {}}, {"id": "nobody", "properties": {}}
    with pytest.raises(ApiException) as caught:
        upsert(client, good, bad)
    assert (caught.value.status, "INVALID_EMAIL" in caught.value.body) == (400, True)
    assert hubspot.state()["contacts"] == []
    answer = upsert(client, good | {"object_write_trace_id": "1"}, bad | {"object_write_trace_id": "2"})
    assert [row.object_write_trace_id for row in answer.results] == ["1"]
    assert (answer.num_errors, answer.errors[0].context) == (1, {"objectWriteTraceId": ["2"]})


def test_an_email_address_is_one_contacts(client):
    grace(client)
    with pytest.raises(ApiException) as caught:
        client.crm.contacts.basic_api.create(NewContact(properties={"email": "grace@example.com"}, associations=[]))
    assert (caught.value.status, "Existing ID" in caught.value.body) == (409, True)


def test_a_meeting_is_made_with_its_contact_and_moves(client):
    contact = grace(client)
    meetings = client.crm.objects.meetings.basic_api
    made = meetings.create(new_meeting(contact.id))
    change = {"hs_meeting_outcome": "RESCHEDULED", "hs_timestamp": "2027-05-02T10:00:00Z"}
    moved = meetings.update(made.id, SimplePublicObjectInput(properties=change))
    assert (moved.properties["hs_timestamp"], moved.properties["hs_meeting_title"]) == ("2027-05-02T10:00:00Z", "Intro")
    shown = meetings.get_by_id(made.id, associations=["contacts"], properties=["hs_meeting_outcome"])
    assert shown.properties["hs_meeting_outcome"] == "RESCHEDULED"
    assert [one.id for one in shown.associations["contacts"].results] == [contact.id]


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ({"hs_meeting_outcome": "CANCELLED"}, "INVALID_OPTION"),
        ({"hs_colour": "red"}, "PROPERTY_DOESNT_EXIST"),
        ({"hs_object_id": "7"}, "READ_ONLY_VALUE"),
        ({"type_id": 199}, "invalid from object type 0-47"),
        ({"contact_id": "999999"}, "One or more associations are invalid"),
    ],
)
def test_a_wrong_meeting_is_refused_and_leaves_nothing(client, hubspot, wrong, text):
    meeting = new_meeting(**{"contact_id": grace(client).id} | wrong)
    with pytest.raises(MeetingError) as caught:
        client.crm.objects.meetings.basic_api.create(meeting)
    assert (caught.value.status, text in caught.value.body) == (400, True)
    assert hubspot.state()["meetings"] == []


def test_an_archived_meeting_is_not_there(client):
    meetings = client.crm.objects.meetings.basic_api
    made = meetings.create(new_meeting(grace(client).id))
    meetings.archive(made.id)
    with pytest.raises(MeetingError) as caught:
        meetings.update(made.id, SimplePublicObjectInput(properties={"hs_meeting_title": "x"}))
    assert caught.value.status == 404


def test_associations_afterwards(client):
    contact, links = grace(client), client.crm.associations.v4
    made = client.crm.objects.meetings.basic_api.create(NewMeeting(properties=TIMES, associations=[]))
    links.basic_api.create_default("meetings", made.id, "contacts", contact.id)
    wish = BatchInputPublicFetchAssociationsBatchRequest(inputs=[PublicFetchAssociationsBatchRequest(id=contact.id)])
    read = links.batch_api.get_page("contacts", "meetings", wish)
    assert [one.to_object_id for one in read.results[0].to] == [made.id]
    assert [one.to_object_id for one in links.basic_api.get_page("meetings", made.id, "contacts").results] == [
        contact.id
    ]
    links.basic_api.archive("meetings", made.id, "contacts", contact.id)
    assert links.basic_api.get_page("meetings", made.id, "contacts").results == []
    labels = [Label(association_category="HUBSPOT_DEFINED", association_type_id=200)]
    links.basic_api.create("meetings", made.id, "contacts", contact.id, labels)
    assert len(links.basic_api.get_page("contacts", contact.id, "meetings").results) == 1


def test_tokens_are_refreshed_and_described(client, hubspot):
    grant = hubspot.token(client_id="app")
    tokens = HubSpot(host=hubspot.url).oauth
    fresh = tokens.tokens_api.create(grant_type="refresh_token", refresh_token=grant["refresh_token"], **APP)
    assert (fresh.refresh_token, fresh.expires_in) == (grant["refresh_token"], 1800)
    known = tokens.access_tokens_api.get(fresh.access_token)
    assert (known.hub_id, known.token_type, "oauth" in known.scopes) == (1234567, "access", True)
    assert tokens.refresh_tokens_api.get(grant["refresh_token"]).hub_domain == known.hub_domain
    client.access_token = fresh.access_token
    assert grace(client).new


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        ({"grant_type": "refresh_token", "refresh_token": "nobody's"}, "BAD_REFRESH_TOKEN"),
        ({"grant_type": "authorization_code", "code": "x", "redirect_uri": "https://x.example"}, "BAD_AUTH_CODE"),
        ({"grant_type": "password"}, "BAD_GRANT_TYPE"),
        ({"grant_type": "refresh_token", "client_secret": ""}, "BAD_CLIENT_SECRET"),
    ],
)
def test_the_token_endpoints_errors(hubspot, wish, error):
    with pytest.raises(OAuthError) as caught:
        HubSpot(host=hubspot.url).oauth.tokens_api.create(**{**APP, **wish})
    assert (caught.value.status, error in caught.value.body) == (400, True)


def test_a_revoked_refresh_token_is_dead_and_its_access_tokens_live_on(client, hubspot):
    grant = hubspot.token(client_id="app")
    tokens = HubSpot(host=hubspot.url).oauth
    tokens.refresh_tokens_api.archive(grant["refresh_token"])
    with pytest.raises(OAuthError) as caught:
        tokens.tokens_api.create(grant_type="refresh_token", refresh_token=grant["refresh_token"], **APP)
    assert "BAD_REFRESH_TOKEN" in caught.value.body
    client.access_token = grant["access_token"]
    assert grace(client).new


def test_an_ended_token_and_a_missing_scope(client, hubspot):
    client.access_token = hubspot.token(scope="oauth")["access_token"]
    with pytest.raises(ApiException) as caught:
        grace(client)
    assert (caught.value.status, "MISSING_SCOPES" in caught.value.body) == (403, True)
    hubspot.settings(clock_offset_seconds=1801)
    with pytest.raises(ApiException) as caught:
        grace(client)
    assert (caught.value.status, "EXPIRED_AUTHENTICATION" in caught.value.body) == (401, True)
