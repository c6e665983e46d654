from linktime.api.tests.stage import _the_clock, api, colleague, stranger

__all__ = ["_the_clock", "api", "colleague", "stranger"]
