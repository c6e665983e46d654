"""The languages that invitees are spoken to in, and the habits that come with a browser's language tag. Pure.

What a tag implies (order of a date, 12 or 24 hours, first day of the week) is Unicode CLDR's data, by Babel.
"""

from collections.abc import Iterable
from functools import lru_cache

from babel import Locale, UnknownLocaleError, parse_locale
from babel.core import get_global

ENGLISH = "en"
NAMES = {ENGLISH: "English", "de": "Deutsch", "es": "Español", "fr": "Français", "ar": "العربية"}
RIGHT_TO_LEFT = frozenset({"ar"})
# Of somebody who says nothing: day before month, 24 hours, Monday first.
NEUTRAL = Locale.parse("en_150")


def spoken(tag: str) -> str:
    """Return the one of our languages in which to speak to somebody with this tag: `de` for `de-AT`, else English."""
    language = _parts(tag)[0]
    return language if language in NAMES else ENGLISH


def region_of(tag: str) -> str:
    """Return the region of a tag as a browser gives it: `US` of `en-US`, of `zh-Hant-US`, and of a plain `en`."""
    language, region = _parts(tag)
    likely = get_global("likely_subtags").get(language, "").rpartition("_")[2]
    return region or likely


def chosen(tags: Iterable[str], wish: str = "") -> str:
    """Return a tag with one of our languages, from those that a browser prefers and what the visitor wished.

    The region stays the visitor's own: `en-PL` for somebody from Poland, whose language we don't speak.
    """
    asked = [tag for tag in tags if _parts(tag)[0]]
    ours = [tag for tag in asked if _parts(tag)[0] in ([wish] if wish in NAMES else NAMES)]
    if not ours and not asked:
        return wish if wish in NAMES else ""
    language = wish if wish in NAMES else spoken((ours or [ENGLISH])[0])
    region = _parts(ours[0])[1] if ours else ""
    region = region or region_of(asked[0])
    return f"{language}-{region}" if region else language


@lru_cache(maxsize=500)  # tags come from outside
def locale_of(tag: str) -> Locale:
    """Return how to write for somebody: in a language that we speak, as their region writes it."""
    language, region = spoken(tag), region_of(tag)
    if not region:
        return NEUTRAL
    try:
        return Locale(language, region)
    except UnknownLocaleError:
        return NEUTRAL if language == ENGLISH else Locale(language)


@lru_cache(maxsize=500)
def habits_of(tag: str) -> Locale:
    """Return whose clock and week somebody goes by: where their language is not at home, those of their region."""
    locale, region = locale_of(tag), region_of(tag)
    if not region or locale.territory == region:
        return locale
    language = get_global("likely_subtags").get(f"und_{region}", ENGLISH).partition("_")[0]
    try:
        return Locale(language, region)
    except UnknownLocaleError:
        return locale


def _parts(tag: str) -> tuple[str, str]:
    """Return language and region of a tag, each empty where it says none."""
    try:
        parts = parse_locale(tag.replace("_", "-"), sep="-")
    except ValueError:
        return "", ""
    return parts[0], parts[1] or ""
