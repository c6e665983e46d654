"""Secrets and personal data taken out of a text. The last line of defence of logs and traces. Pure.

Whoever writes a log line names rows by their numbers and no people. What comes along all the same, in an exception's
message, a URL, or what somebody else's server answered, is masked here by its form: addresses, phone numbers, whatever
follows a telling name (`token=`, `Authorization:`), queries of URLs, links that let in who knows them, the rows that
PostgreSQL quotes, and anything that looks random. It errs on the side of masking.
"""

import re
from collections.abc import Iterable
from itertools import pairwise

# each begins where nothing of its kind stands before: from every letter of a long text it would take for ever
_TELLING = "token|secret|passw|verifier|authorization|api[_-]?key|assertion|signature|session|csrf|otp"
_NAME = rf"(?<![\w-])(?>[\w-]*?(?:{_TELLING})[\w-]*)"
_VALUE = r"(?:b?\"[^\"]*\"|b?'[^']*'|(?:bearer|basic|token)\s+\S+|[^\s,;&)}\]\"']+)"
_LOCAL = r"(?:\"[^\"\n]{1,64}\"|(?<![\w.!#$%&'*+/=?^`{|}~-])[\w.!#$%&'*+/=?^`{|}~-]+)"

_RULES = [
    (re.compile(r"^((?:DETAIL|CONTEXT|STATEMENT|QUERY|LINE \d+):).*(?:\n +\^.*)?$", re.MULTILINE), r"\1 […]"),
    (re.compile(r"(Failing row contains).*", re.DOTALL), r"\1 […]"),
    (re.compile(r"\b(input_value=).*?(, input_type=|$)", re.MULTILINE), r"\1[…]\2"),
    (re.compile(r"(://)[^/\s]+@"), r"\1[…]@"),
    (re.compile(r"(/[\w.~%+@:-]*)[?#][^\s\"'<>]+"), r"\1?[…]"),
    (re.compile(r"(/b/)\w+"), r"\1[…]"),
    (re.compile(r"\b((?:set-)?cookie[\"']?\s*[:=]).*", re.IGNORECASE), r"\1 […]"),
    (re.compile(rf"({_NAME}[\"']?\s*[:=]\s*){_VALUE}", re.IGNORECASE), r"\1[…]"),
    (re.compile(r"\b(bearer|basic)\s+[^\s\"',]+", re.IGNORECASE), r"\1 […]"),
    (re.compile(rf"{_LOCAL}(?:@|%40|\\u0040|&#64;)(?:\[[\w.:]+\]|[\w-]+(?:\.[\w-]+)*)", re.IGNORECASE), "[email]"),
]
_DIGITS = re.compile(
    r"(?P<time>\b\d{4}-\d\d-\d\d(?:[T ]\d\d:?\d\d(?::?\d\d(?:[.,]\d+)?)?(?: ?Z|[+-]\d\d:?\d\d)?)?(?![\d-]))"
    r"|(?P<decimal>(?<![\w.+])-?\d\.\d+(?![\w.]))"
    r"|(?<![\w.])(?:\+|\(\+?)?\d(?:[ .()/\u00a0\u2009\u2011-]{0,3}\d){6,}(?!\w)"
)
_RUN = re.compile(r"[A-Za-z0-9_.!~-]{20,}")
_WORD = re.compile(r"[A-Z]?[a-z]{0,20}\d{0,4}|[A-Z]{1,20}\d{0,4}|\d{1,4}[a-z]?")
_FEWEST_DIGITS = 8
_RESTLESS = 0.35  # of the letters of random text half are followed by one of the other case, of CamelCase a fifth


def redacted(text: str, secrets: Iterable[str] = ()) -> str:
    """Return the text with everything masked that must not be seen; `secrets` are masked wherever they stand."""
    for secret in secrets:
        text = text.replace(secret, "[…]")
    for pattern, mask in _RULES:
        text = pattern.sub(mask, text)
    return _without_random(_DIGITS.sub(_phone, text))


def _phone(found: re.Match[str]) -> str:
    text = found.group()
    if found["time"] or found["decimal"]:
        return text
    digits = sum(character.isdigit() for character in text)
    return "[phone]" if digits >= _FEWEST_DIGITS or text.startswith(("+", "(+")) else text


def _without_random(text: str) -> str:
    """Mask whatever looks made by a machine, with what clings to it: other parts of a token, its padding."""
    for run in {run for run in _RUN.findall(text) if _looks_random(run)}:
        text = re.sub(r"[\w+=%]*" + re.escape(run) + r"[\w+=.!~%/-]*", "[…]", text)
    return text


def _looks_random(run: str) -> bool:
    if all(_WORD.fullmatch(part) for part in re.split(r"[_.!~-]", run)):
        return False  # the name of something: words, with numbers at their ends
    if any(character.isdigit() for character in run):
        return True
    turns = sum(one.isupper() != other.isupper() for one, other in pairwise(run))
    return turns > _RESTLESS * len(run)
