"""Which language somebody is spoken to in, and what stays their own."""

import pytest

from linktime.core import languages


@pytest.mark.parametrize(
    ("tags", "wish", "tag"),
    [
        (["en-gb"], "", "en-GB"),
        (["de-at", "de", "en"], "", "de-AT"),
        (["pl-pl", "de"], "", "de-PL"),
        (["pl"], "", "en-PL"),
        (["zh-hant-hk", "zh"], "", "en-HK"),
        (["en-gb"], "ar", "ar-GB"),
        (["de-at", "fr-ca"], "fr", "fr-CA"),
        (["de-at"], "xx", "de-AT"),
        ([], "de", "de"),
        ([], "", ""),
        (["*", "???"], "", ""),
    ],
)  # fmt: skip
def test_the_language_is_one_of_ours_and_the_region_the_visitors_own(tags, wish, tag):
    assert languages.chosen(tags, wish) == tag


@pytest.mark.parametrize(
    ("tag", "language"),
    [("de-CH", "de"), ("AR", "ar"), ("es_419", "es"), ("pl", "en"), ("", "en"), ("???", "en"), ("deu", "en")],
)  # fmt: skip
def test_who_speaks_none_of_ours_is_spoken_to_in_english(tag, language):
    assert languages.spoken(tag) == language
