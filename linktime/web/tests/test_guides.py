"""The guides, the comparison and the privacy page: for everybody, whole, and filled in for this installation."""

import re

import pytest
from django.urls import reverse

from linktime.connections.oauth import callback_url
from linktime.core.errors import NotFound
from linktime.crm import registry
from linktime.crm.remedies import COMMON
from linktime.web.guides import comparison, markdown, pages

SECTIONS = [
    "Register the app", "Connect", "Permissions", "What is synced, field by field", "What happens when",
    "What is never accessed", "Troubleshooting", "Limits", "Try it without risk", "The server's IP addresses",
    "Disconnect and revoke", "Help",
]  # fmt: skip
CRMS = registry.crms()


def shown(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def section(crm: str, title: str) -> str:
    return registry.guide(crm).split(f"\n## {title}\n")[1].split("\n## ")[0]


@pytest.mark.parametrize("crm", CRMS)
def test_every_crm_has_a_guide_with_every_section(crm):
    text = registry.guide(crm)
    assert text.startswith(f"# {registry.provider(crm).manifest.label}\n")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == SECTIONS


@pytest.mark.parametrize("crm", CRMS)
def test_every_error_that_has_a_remedy_stands_in_the_troubleshooting(crm):
    told = set(re.findall(r"`([^`]+)`", section(crm, "Troubleshooting")))
    assert {*registry.provider(crm).manifest.remedies, *COMMON} - told == set()


@pytest.mark.parametrize("crm", CRMS)
def test_every_scope_is_explained(crm):
    told = section(crm, "Permissions")
    for scope in registry.provider(crm).manifest.oauth.scopes:
        assert f"`{scope}`" in told


@pytest.mark.parametrize("crm", CRMS)
def test_a_guide_is_a_page_for_everybody(client, settings, crm):
    settings.EGRESS_IPS = ["198.51.100.7", "2001:db8::/64"]
    settings.SUPPORT_URL = "https://help.example.com/?a=1&b=2"
    page = shown(client, f"/docs/crm/{crm}")
    for title in SECTIONS:
        assert f">{title.replace("'", '&#x27;')}</a>" in page
    assert f"<code>{callback_url(crm)}</code>" in page
    assert "<code>198.51.100.7</code>" in page
    assert "<code>2001:db8::/64</code>" in page
    assert 'href="https://help.example.com/?a=1&amp;b=2"' in page
    assert "&lt;!--" not in page


def test_without_the_settings_a_guide_says_whom_to_ask(client, settings):
    settings.EGRESS_IPS, settings.SUPPORT_URL = [], ""
    page = shown(client, "/docs/crm/salesforce")
    assert "ask whoever runs it" in page
    assert "Help with this installation" not in page


def test_a_new_crm_brings_its_guide_and_its_column(client, monkeypatch, tmp_path, settings):
    """A folder and a line in the registry are all it needs."""
    folder = tmp_path / "fourth_crm"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "guide.md").write_text("# Fourth\n\n## Connect\n\nIt is *easy*.\n")
    (folder / "provider.py").write_text(
        "from dataclasses import replace\n"
        "from linktime.crm.providers.attio.manifest import MANIFEST\n\n\n"
        "class Fourth:\n    manifest = replace(MANIFEST, name='fourth', label='Fourth CRM')\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(registry.PROVIDERS, "fourth", "fourth_crm.provider.Fourth")
    assert "It is <em>easy</em>." in shown(client, "/docs/crm/fourth")
    assert '<th><a href="/docs/crm/fourth">Fourth CRM</a></th>' in shown(client, "/docs/crm")
    assert '<h3 id="fourth-crm">Fourth CRM</h3>' in shown(client, "/docs/privacy")


def test_every_crm_is_listed_and_compared(client):
    page = shown(client, "/docs/crm")
    for crm in CRMS:
        manifest = registry.provider(crm).manifest
        assert f'<a href="/docs/crm/{crm}">{manifest.label}</a>' in page
    for title, _ in comparison.ROWS:
        assert f"<strong>{title}</strong>" in page


@pytest.mark.parametrize("crm", CRMS)
def test_every_crm_says_what_sets_it_apart(crm):
    manifest = registry.provider(crm).manifest
    assert all(cell(manifest) for _, cell in comparison.ROWS)


@pytest.mark.parametrize(
    ("crm", "words"),
    [
        ("salesforce", "Access tokens of 2 hours, renewed 5 minutes before they end; one that sleeps"),
        ("hubspot", "Access tokens of 30 minutes, renewed 5 minutes before they end. The refresh token does not end"),
        ("attio", "One token that does not end"),
    ],
)  # fmt: skip
def test_the_life_of_tokens_is_told_from_the_facts(crm, words):
    assert comparison.lifecycle(registry.provider(crm).manifest.oauth).startswith(words)


def test_the_privacy_page_names_what_is_accessed_and_what_never_is(client):
    page = shown(client, "/docs/privacy")
    for crm in CRMS:
        manifest = registry.provider(crm).manifest
        for line in (*manifest.reads, *manifest.writes, *manifest.never):
            assert line in page
    assert "AES-256-GCM" in page


@pytest.mark.parametrize("path", ["/docs", "/docs/", "/docs/crm/"])
def test_the_other_addresses_of_the_guides_lead_there(client, path):
    answer = client.get(path, follow=True)
    assert answer.status_code == 200
    assert b"The CRMs compared" in answer.content


@pytest.mark.parametrize("path", ["/docs/crm/nothing", "/docs/crm/guide.md", "/docs/crm/..%2fsalesforce", "/docs/x"])
def test_what_is_no_guide_is_not_found(client, db, path):
    assert client.get(path).status_code == 404


def test_only_reading_is_possible(client):
    assert client.post(reverse("privacy")).status_code == 405


def test_a_slot_that_nobody_knows_is_a_fault():
    with pytest.raises(KeyError):
        pages.fill("<!-- nobody_knows -->", {})


def test_slots_keep_their_place_in_a_list():
    assert pages.fill("1. a\n\n    <!-- b -->\n", {"b": "x\ny"}) == "1. a\n\n    x\n    y\n"


def test_every_cell_of_a_table_knows_its_column():
    html = markdown.render("# T\n\n| a | [b](c) |\n|---|---|\n| 1 | 2 |\n\n| d |\n|---|\n| 3 |\n").html
    assert re.findall(r'<td data-title="(\w)">(\d)</td>', html) == [("a", "1"), ("b", "2"), ("d", "3")]


def test_html_in_a_text_is_shown_and_bad_links_are_none():
    html = markdown.render("# T\n\n<script>x</script> [a](javascript:alert)\n").html
    assert "<script" not in html
    assert "href" not in html


def test_an_unknown_crm_has_no_guide():
    with pytest.raises(NotFound):
        registry.guide("nothing")
