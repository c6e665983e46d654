"""Record ids: fifteen case-sensitive characters, and three more that make them safe for case-insensitive programs."""

import re

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
CHECKSUM = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
POD = "gL"
SHORT, LONG = 15, 18
_ID = re.compile(r"[0-9A-Za-z]{15}(?:[0-9A-Za-z]{3})?")


def make_id(prefix: str, number: int) -> str:
    """Make the 18-character id of the n-th record."""
    digits = ""
    while number:
        number, digit = divmod(number, len(DIGITS))
        digits = DIGITS[digit] + digits
    return lengthen(f"{prefix}{POD}{digits.rjust(SHORT - len(prefix) - len(POD), '0')}")


def lengthen(short: str) -> str:
    """Append the checksum: one character for each five, from which of them are capitals."""
    groups = (short[start : start + 5] for start in range(0, SHORT, 5))
    bits = (
        sum(1 << place for place, letter in enumerate(group) if letter.isascii() and letter.isupper())
        for group in groups
    )
    return short + "".join(CHECKSUM[bit] for bit in bits)


def canonical(text: str) -> str | None:
    """The 18-character form of an id, or None for what can't be one."""
    if not _ID.fullmatch(text):
        return None
    full = lengthen(text[:SHORT])
    return full if len(text) == SHORT or full.upper() == text.upper() else None
