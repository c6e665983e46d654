"""Salesforce counts the requests of 24 hours for the whole organisation; each answer says how many there were."""

import re
from collections.abc import Mapping

from linktime.crm.contract import Budget

# api-usage=10018/100000; per-app-api-usage=17/250(appName=sample-connected-app)  (REST API guide: Limit Info Header)
USAGE = re.compile(r"(?:^|[;,\s])api-usage=(\d+)/(\d+)")


def budget(headers: Mapping[str, str]) -> Budget:
    found = USAGE.search(headers.get("sforce-limit-info", ""))
    return Budget(used=int(found[1]), allowed=int(found[2])) if found else Budget()
