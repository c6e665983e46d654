"""Rules for what people type."""

import pytest

from linktime.core import text
from linktime.core.errors import Invalid

KEPT = [
    ("  Grace Hopper ", "Grace Hopper"),
    ("Zu\u0308rich", "Zürich"),
    ("محمد علي", "محمد علي"),
    ("ש\u200fלום", "ש\u200fלום"),
    ("👩\u200d💻", "👩\u200d💻"),
    ("x" * 200, "x" * 200),
    ("u\u0308" * 200, "ü" * 200),
    ("O'Brien-Smith & Söhne <b>", "O'Brien-Smith & Söhne <b>"),
]


@pytest.mark.parametrize(("typed", "kept"), KEPT)
def test_a_line_is_kept_as_it_reads(typed, kept):
    """Any script, stripped and in one form; characters are counted, not bytes."""
    assert text.line(typed, at_most=200) == kept


REFUSED = [
    ("", "required"),
    (None, "required"),
    ("   ", "required"),
    ("\u200b\u2060", "required"),
    ("a\0b", "control_character"),
    ("a\nBcc: b@example.com", "control_character"),
    ("a\tb", "control_character"),
    ("a\x1b[31m", "control_character"),
    ("a\x85b", "control_character"),
    ("a\u2028b", "control_character"),
    ("a\ud800b", "control_character"),
    ("invoice\u202efdp.exe", "direction_override"),
    ("a\u2066b", "direction_override"),
    ("x" * 201, "too_long"),
    ("x" * 10_000, "too_long"),
    (5, "wrong_type"),
    (True, "wrong_type"),
    (["a"], "wrong_type"),
    ({"a": 1}, "wrong_type"),
]


def code_of(rule, *args, **options):
    with pytest.raises(Invalid) as caught:
        rule(*args, **options)
    (fault,) = caught.value.faults
    assert fault.message.endswith(".")
    return fault.code


@pytest.mark.parametrize(("typed", "code"), REFUSED)
def test_a_line_that_is_refused(typed, code):
    """What can't be kept, shown or mailed safely is refused with its reason."""
    assert code_of(text.line, typed, at_most=200) == code


def test_longer_text_has_lines():
    """Line breaks come out alike wherever they were typed; tabs stay."""
    assert text.lines("one\r\ntwo\rthree\n\tfour\n") == "one\ntwo\nthree\n\tfour"
    assert text.lines(None) == text.lines(" \n ") == ""
    assert code_of(text.lines, "a\0b") == "control_character"
    assert code_of(text.lines, "x" * 5001) == "too_long"
    assert code_of(text.lines, 5) == "wrong_type"


EMAILS = ["grace@example.com", "o'brien@example.com", "a+b@sub.example.co.uk", "Grace.Hopper@EXAMPLE.com"]


@pytest.mark.parametrize("address", EMAILS)
def test_an_email_is_kept_as_typed(address):
    """Legal addresses are kept, apostrophes and capitals included."""
    assert text.email(f" {address} ") == address


NO_EMAILS = [
    "grace",
    "grace@",
    "@example.com",
    "a b@example.com",
    "a@example.com, b@example.com",
    "Grace <grace@example.com>",
    "grace@example.com\nBcc: b@example.com",
    "a" * 250 + "@example.com",
    "grace@exa\u202emple.com",
    "a@b@example.com",
    "",
    7,
]


@pytest.mark.parametrize("typed", NO_EMAILS)
def test_what_is_no_email(typed):
    """Nothing that could become a second recipient or a header gets through."""
    code_of(text.email, typed)


@pytest.mark.parametrize("name", ["Europe/London", "UTC", "America/Argentina/Buenos_Aires", "Asia/Calcutta"])
def test_a_time_zone_has_an_iana_name(name):
    """Older names of zones are names as well: browsers send them."""
    assert text.time_zone(name) == name


@pytest.mark.parametrize("name", ["Mars/Olympus", "europe/london", "+01:00", "../etc/passwd", "Factory", "", 1])
def test_what_is_no_time_zone(name):
    """A name that the time-zone data does not have is refused, never read from a file."""
    code_of(text.time_zone, name)


def test_a_web_address_is_http():
    """Addresses become links, so nothing that runs is one."""
    assert text.url("https://meet.example.com/a?b=1") == "https://meet.example.com/a?b=1"
    for typed in ("javascript:alert(1)", "ftp://example.com", "example.com", "https://", "https://a b.com", ""):
        code_of(text.url, typed)


def test_a_language_has_a_tag():
    """A tag as browsers send it, or nothing."""
    assert [text.locale(tag) for tag in ("en-GB", "zh-Hant-TW", "", None)] == ["en-GB", "zh-Hant-TW", "", ""]
    for tag in ("english, please", "e", "en_GB", "x" * 40, "en-"):
        code_of(text.locale, tag)
