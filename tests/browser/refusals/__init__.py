"""Every way in which the emulators are made to refuse bookings, and what people then read."""

from tests.browser.refusals.attio import ATTIO, REQUIRED_ATTRIBUTE
from tests.browser.refusals.case import Case, Cause, Mend, answered, setting
from tests.browser.refusals.hubspot import HUBSPOT, MISSING_SCOPES
from tests.browser.refusals.salesforce import COMMON, INACTIVE_USER, LIMIT, SALESFORCE, VALIDATION_RULE

__all__ = ["RARER", "TELLING", "VALIDATION_RULE", "Case", "Cause", "Mend", "answered", "setting"]

TELLING = (VALIDATION_RULE, INACTIVE_USER, LIMIT, MISSING_SCOPES, REQUIRED_ATTRIBUTE)
RARER = (*SALESFORCE, *HUBSPOT, *ATTIO, *COMMON)
