"""What the docs promise to name, they name."""

import importlib.util
import re
from pathlib import Path

import pytest
from django.conf import settings

from linktime.api.exposition import HELP
from linktime.cli.application import application

ROOT = Path(__file__).parents[1]
READ = re.compile(r'env\.(?:text|flag|choice|parsed)\(\s*"([A-Z_]+)"')


def read_settings() -> set[str]:
    """Every name that the configuration reads from the environment."""
    code = "".join(path.read_text() for path in (ROOT / "linktime" / "config").glob("*.py"))
    services = {
        f"{name.upper()}_{part}" for name in settings.SERVICES for part in ("CLIENT_ID", "CLIENT_SECRET", "BASE_URL")
    }
    return {*READ.findall(code), *services}


def test_every_setting_is_documented_and_nothing_else():
    page = (ROOT / "docs" / "reference" / "settings.md").read_text()
    assert set(re.findall(r"^### (\w+)$", page, re.MULTILINE)) == read_settings()


def test_every_command_is_documented():
    page = (ROOT / "docs" / "reference" / "command-line.md").read_text()
    for command in application.registered_commands:
        assert f"| `{command.name or command.callback.__name__}" in page


def test_every_metric_is_documented_and_nothing_else():
    page = (ROOT / "docs" / "reference" / "metrics.md").read_text()
    assert set(re.findall(r"^\| `(linktime_\w+)`", page, re.MULTILINE)) == {*HELP, "linktime_build_info"}


PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "linktime").rglob("*.md")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_between_pages_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
        assert (page.parent / target).exists(), target


def test_every_page_of_the_docs_is_listed():
    index = (ROOT / "docs" / "README.md").read_text()
    for page in (ROOT / "docs").rglob("*/*.md"):
        assert f"]({page.relative_to(ROOT / 'docs').as_posix()})" in index


@pytest.fixture
def builder():
    """docs/build.py, which is a script."""
    spec = importlib.util.spec_from_file_location("docs_build", ROOT / "docs" / "build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_docs_are_built_as_a_site_with_the_guides(builder, tmp_path):
    assert builder.main(tmp_path / "site") == 0
    guide = (tmp_path / "site" / "crm" / "salesforce" / "index.html").read_text()
    assert "FIELD_CUSTOM_VALIDATION_EXCEPTION" in guide
    assert "&lt;!--" not in guide
    assert (tmp_path / "site" / "images" / "booking-wide.png").exists()
    links = re.findall(r'href="(?!https?:|#)([^"#]+)', (tmp_path / "site" / "index.html").read_text())
    for place in ("crm/attio/", "crm/privacy/", "tutorial/first-booking/", "explanation/architecture/"):
        assert place in links


@pytest.mark.parametrize(
    ("link", "built"),
    [
        ("../reference/settings.md#base_url", True),
        ("../nowhere.md", False),
        ("../reference/settings.md#nothing", False),
    ],
)
def test_a_link_that_leads_nowhere_ends_the_build(builder, tmp_path, monkeypatch, link, built):
    pages = {
        "README.md": "# LinkTime\n",
        "howto/run.md": f"# Run it\n\n[Read on]({link})\n",
        "reference/settings.md": "# Settings\n\n### BASE_URL\n",
    }
    monkeypatch.setattr(builder, "where_pages_go", lambda: {builder.DOCS / name: name for name in pages})
    monkeypatch.setattr(builder, "texts_of_guides", lambda: {builder.DOCS / name: pages[name] for name in pages})
    assert (builder.main(tmp_path / "site") == 0) is built
    assert (tmp_path / "site").exists() is built
