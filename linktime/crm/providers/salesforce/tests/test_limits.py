"""What Salesforce's header says of the day's budget."""

import pytest

from linktime.crm.contract import Budget
from linktime.crm.providers.salesforce.limits import budget


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("api-usage=10018/100000", Budget(10018, 100000)),
        ("api-usage=18/5000; per-app-api-usage=17/250(appName=sample-connected-app)", Budget(18, 5000)),
        ("per-app-api-usage=17/250(appName=x); api-usage=18/5000", Budget(18, 5000)),
        ("per-app-api-usage=17/250(appName=x)", Budget()),
        ("api-usage=/", Budget()),
        ("", Budget()),
    ],
)
def test_the_organisation_s_own_count_is_read(header, expected):
    assert budget({"sforce-limit-info": header}) == expected


def test_an_answer_without_the_header_says_nothing():
    assert budget({}) == Budget()
