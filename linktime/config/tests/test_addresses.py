"""LINKTIME_EGRESS_IPS: addresses and ranges, or a message that says what is wrong."""

import pytest

from linktime.config.addresses import EXAMPLE, parse_addresses
from linktime.config.environ import Environment, Misconfigured


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("", []),
        (" 198.51.100.7 ,, 198.51.100.64/28", ["198.51.100.7", "198.51.100.64/28"]),
        ("2001:DB8:0:0::1, 2001:db8::/64", ["2001:db8::1", "2001:db8::/64"]),
    ],
)
def test_addresses_and_ranges_are_taken(text, addresses):
    assert parse_addresses(text) == addresses


@pytest.mark.parametrize("text", ["meet.example.com", "198.51.100", "198.51.100.7/28", "1.2.3.4 5.6.7.8", "<b>"])
def test_what_is_no_address_is_named_with_an_example(text):
    with pytest.raises(Misconfigured) as raised:
        Environment({"LINKTIME_EGRESS_IPS": text}).parsed("EGRESS_IPS", parse_addresses, default="", example=EXAMPLE)
    assert str(raised.value).startswith(f"LINKTIME_EGRESS_IPS: {text!r} is no IP address")
    assert EXAMPLE in str(raised.value)
