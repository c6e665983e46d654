import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lark import Token

from linktime.emulators.salesforce.errors import RestError
from linktime.emulators.salesforce.soql.literals import like_pattern, string_value
from linktime.emulators.salesforce.soql.parse import parse

ESCAPES = {"\\": "\\\\", "'": "\\'", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}


def quote(text):
    return "'" + "".join(ESCAPES.get(character, character) for character in text) + "'"


def error_of(sf, soql):
    answer = sf.get("/query", params={"q": soql})
    assert answer.status_code == 400
    return answer.json()[0]["errorCode"], answer.json()[0]["message"]


@settings(deadline=None)
@given(st.text())
def test_an_escaped_text_comes_back(text):
    """Whatever is escaped by the table is read as it was, outer blanks aside."""
    query = parse(f"SELECT Id FROM Contact WHERE Name = {quote(text)} LIMIT 1")
    assert string_value(query.where.literals[0]) == text.strip()
    assert query.limit == 1


@settings(deadline=None)
@given(st.text(alphabet="o'\\\"brien@%_.com\n"))
def test_a_text_can_not_leave_its_quotes(text):
    query = parse(f"SELECT Id FROM Contact WHERE Email = {quote(text)}")
    assert query.where.field == "Email"
    assert len(query.where.literals) == 1


def test_unicode_escapes_and_the_ones_nobody_knows():
    assert string_value(Token("STRING", r"'\u00e9\T'")) == "é"
    for wrong in (r"'\z'", r"'\_'", r"'\u12'"):
        with pytest.raises(RestError, match="Illegal character sequence"):
            string_value(Token("STRING", wrong))


def test_like_knows_wildcards_and_their_escapes():
    assert like_pattern(Token("STRING", "'a%c_'")).fullmatch("ABBCD")
    assert like_pattern(Token("STRING", r"'100\%'")).fullmatch("100%")
    assert not like_pattern(Token("STRING", r"'100\%'")).fullmatch("1000")
    assert not like_pattern(Token("STRING", "'a.c'")).fullmatch("abc")


@pytest.mark.parametrize(
    "condition",
    [
        "Name = 'a' AND Email = 'b' OR Phone = 'c'",
        "Name = 'a' OR Email = 'b' AND Phone = 'c'",
        "Name = 'a' AND NOT Email = 'b'",
        "NOT Name = 'a' AND Email = 'b'",
        "Name = a",
        "Name 'a'",
        "Name IN ()",
    ],
)
def test_what_salesforce_does_not_understand(condition):
    with pytest.raises(RestError) as error:
        parse(f"SELECT Id FROM Contact WHERE {condition}")
    assert error.value.code == "MALFORMED_QUERY"


def test_parentheses_make_it_plain():
    assert parse("SELECT Id FROM Contact WHERE Name = 'a' AND (Email = 'b' OR (NOT Phone = 'c'))").where


@pytest.fixture
def people(emulator):
    return {
        first: emulator.create("Contact", FirstName=first, LastName=last, Email=email)
        for first, last, email in (
            ("Ada", "Lovelace", "ada@x.com"),
            ("Grace", "Hopper", "Grace@X.com"),
            ("Conan", "O'Brien", "o'brien@example.com"),
            ("Alan", "Turing", None),
        )
    }


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("Email = 'GRACE@x.com'", {"Grace"}),
        ("Email = '  grace@x.com '", {"Grace"}),
        (r"Email = 'o\'brien@example.com'", {"Conan"}),
        ("Email != 'ada@x.com'", {"Grace", "Conan", "Alan"}),
        ("Email = null", {"Alan"}),
        ("Email = ''", {"Alan"}),
        ("Email <> NULL", {"Ada", "Grace", "Conan"}),
        ("Email IN ('ADA@x.com', 'grace@x.com')", {"Ada", "Grace"}),
        ("Email NOT IN ('ada@x.com','grace@x.com')", {"Conan", "Alan"}),
        ("LastName LIKE 'l_vel%'", {"Ada"}),
        ("(NOT FirstName LIKE 'a%')", {"Grace", "Conan"}),
        ("FirstName >= 'b' AND FirstName < 'g'", {"Conan"}),
        ("Email = 'ada@x.com' OR LastName = 'turing'", {"Ada", "Alan"}),
        ("HasOptedOutOfEmail = false AND (Email = 'ada@x.com' OR Email = null)", {"Ada", "Alan"}),
        ("CreatedDate > 2020-01-01T00:00:00Z AND CreatedDate < 2120-01-01T00:00:00+01:00 AND Email = null", {"Alan"}),
        ("CreatedDate > 2120-01-01T00:00:00Z", set()),
    ],
)
@pytest.mark.usefixtures("people")
def test_conditions_find(query, condition, found):
    rows = query(f"SELECT FirstName FROM Contact WHERE {condition}")
    assert {row["FirstName"] for row in rows} == found


def test_a_record_is_found_by_either_length_of_its_id(query, people):
    for record_id in (people["Ada"], people["Ada"][:15]):
        assert query(f"SELECT Id FROM Contact WHERE Id = '{record_id}'") == [{"Id": people["Ada"]}]


@pytest.mark.usefixtures("people")
def test_order_puts_nulls_where_it_is_told(query):
    def emails(order):
        return [row["Email"] for row in query(f"SELECT Email FROM Contact ORDER BY {order}")]

    assert emails("Email") == [None, "ada@x.com", "Grace@X.com", "o'brien@example.com"]
    assert emails("Email ASC NULLS LAST")[-1] is None
    assert emails("Email DESC") == [None, "o'brien@example.com", "Grace@X.com", "ada@x.com"]
    assert emails("Email DESC NULLS LAST LIMIT 2 OFFSET 1") == ["Grace@X.com", "ada@x.com"]
    assert emails("HasOptedOutOfEmail, LastName DESC")[0] is None


def test_without_an_order_rows_come_in_any(emulator, query):
    for number in range(12):
        emulator.create("Contact", LastName=f"N{number:02}")
    soql = "SELECT LastName FROM Contact"
    assert len({tuple(row["LastName"] for row in query(soql)) for _ in range(5)}) > 1
    emulator.settings(shuffle_queries=False)
    assert [row["LastName"] for row in query(soql)] == [f"N{number:02}" for number in range(12)]


@pytest.mark.usefixtures("people")
def test_count_has_a_number_and_no_rows(sf):
    answer = sf.get("/query/", params={"q": "select count() from contact where Email != null"}).json()
    assert answer == {"totalSize": 3, "done": True, "records": []}


def test_errors_point_at_the_place(sf):
    code, message = error_of(sf, "SELECT Id FORM Contact")
    assert code == "MALFORMED_QUERY"
    assert message.startswith("\nSELECT Id FORM Contact\n          ^\nERROR at Row:1:Column:11\nunexpected token: ")
    code, message = error_of(sf, "SELECT Foo FROM Contact")
    assert code == "INVALID_FIELD"
    assert message.startswith(
        "\nSELECT Foo FROM Contact\n       ^\nERROR at Row:1:Column:8\nNo such column 'Foo' on entity 'Contact'."
    )


@pytest.mark.parametrize(
    ("soql", "code", "says"),
    [
        ("SELECT Id FROM Nothing", "INVALID_TYPE", "sObject type 'Nothing' is not supported."),
        (
            "SELECT Id FROM Event WHERE Description = 'x'",
            "INVALID_FIELD",
            "field 'Description' can not be filtered in a query call",
        ),
        ("SELECT Id FROM Event ORDER BY Description", "INVALID_FIELD", "can not be sorted"),
        ("SELECT Id FROM Contact WHERE Foo = 'x'", "INVALID_FIELD", "No such column 'Foo'"),
        ("SELECT Account.Name FROM Contact", "INVALID_FIELD", "relationship 'Account'"),
        ("SELECT Id FROM Contact WHERE Email = 5", "INVALID_FIELD", "should be enclosed in quotes"),
        ("SELECT Id FROM Event WHERE StartDateTime = '2026-05-01T10:00:00Z'", "INVALID_FIELD", "not be enclosed"),
        ("SELECT Id FROM Event WHERE StartDateTime = 2026-13-01T10:00:00Z", "MALFORMED_QUERY", "Invalid date"),
        ("SELECT Id FROM Event WHERE WhoId = 'abc'", "INVALID_QUERY_FILTER_OPERATOR", "invalid ID field: abc"),
        ("SELECT Id, Id FROM Event", "MALFORMED_QUERY", "duplicate field selected: Id"),
        ("SELECT Id FROM Event LIMIT 1 OFFSET 2001", "NUMBER_OUTSIDE_VALID_RANGE", "2000"),
        ("SELECT Id FROM Contact WHERE Name = '" + "x" * 4001 + "'", "MALFORMED_QUERY", "4000"),
        ("SELECT Id FROM", "MALFORMED_QUERY", "unexpected end"),
        ("SELECT Id FROM Event LIMIT -1", "MALFORMED_QUERY", "unexpected token: '-1'"),
    ],
)
def test_what_is_wrong_is_said(sf, soql, code, says):
    found, message = error_of(sf, soql)
    assert found == code
    assert says in message


def test_a_hidden_field_looks_like_an_unknown_one(emulator, sf):
    emulator.settings(hidden_fields=["Contact.Phone"])
    code, message = error_of(sf, "SELECT Phone FROM Contact")
    assert code == "INVALID_FIELD"
    assert "No such column 'Phone' on entity 'Contact'" in message


def test_many_rows_come_in_pages(emulator, sf):
    for number in range(450):
        emulator.create("Contact", LastName=f"N{number}")
    answer = sf.get(
        "/query", params={"q": "SELECT Id FROM Contact"}, headers={"Sforce-Query-Options": "batchSize=200"}
    ).json()
    ids = [row["Id"] for row in answer["records"]]
    assert answer["totalSize"] == 450
    while not answer["done"]:
        assert answer["nextRecordsUrl"].startswith("/services/data/v66.0/query/01g")
        answer = sf.get(answer["nextRecordsUrl"].removeprefix("/services/data/v66.0")).json()
        ids += [row["Id"] for row in answer["records"]]
    assert len(set(ids)) == 450
    assert sf.get("/query/01gNOTHERE-200").json()[0]["errorCode"] == "INVALID_QUERY_LOCATOR"


def test_deleted_and_archived_rows_are_for_query_all(emulator, query):
    """What is deleted, or an Event of a year ago, is hidden from /query."""
    gone = emulator.create("Contact", LastName="Gone")
    emulator.delete(gone)
    old = emulator.create("Event", Subject="Old", StartDateTime="2020-01-01T10:00:00Z", DurationInMinutes=30)
    assert query("SELECT Id FROM Contact") == []
    assert query("SELECT Id FROM Event") == []
    assert query("SELECT Id, IsDeleted FROM Contact", resource="queryAll") == [{"Id": gone, "IsDeleted": True}]
    rows = query("SELECT Id, IsArchived FROM Event WHERE IsDeleted = false", resource="queryAll")
    assert rows == [{"Id": old, "IsArchived": True}]


def test_addresses_have_a_longest_length(sf):
    answer = sf.get("/query", params={"q": "SELECT Id FROM Contact WHERE Name = '" + "x" * 16_400 + "'"})
    assert answer.status_code == 414
