"""What the docs promise to name, they name."""

import re
from pathlib import Path

import pytest
from django.conf import settings

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


@pytest.mark.parametrize("page", [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")], ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
        assert (page.parent / target).exists(), target
