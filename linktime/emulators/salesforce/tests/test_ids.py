from hypothesis import given, settings
from hypothesis import strategies as st

from linktime.emulators.salesforce.ids import canonical, lengthen, make_id


def test_the_checksum_is_the_known_one():
    assert lengthen("003D000000QV9n2") == "003D000000QV9n2IAD"
    assert lengthen("00DB0000000TfcR") == "00DB0000000TfcRMAS"


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=62**9))
def test_both_lengths_name_the_same_record(number):
    record_id = make_id("003", number)
    assert len(record_id) == 18
    assert canonical(record_id[:15]) == canonical(record_id) == record_id


def test_what_is_no_id_is_none():
    assert canonical("003") is None
    assert canonical("003D000000QV9n2IAA") is None
    assert canonical("003D000000QV9n-") is None
