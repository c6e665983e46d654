"""Build the docs as a site: `bin/docs` runs `python docs/build.py site`. A link that leads nowhere ends it.

The site has the pages of docs/, those of the project's folder, and the guides to the CRMs, which lie beside the code.
"""

# ruff: noqa: INP001 - a script, not a package

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from linktime.crm import registry
from linktime.web.guides import pages

ROOT = Path(__file__).resolve().parent.parent
DOCS, GUIDES = ROOT / "docs", ROOT / "linktime" / "web" / "guides"
LINK = re.compile(r"(?<=\]\()([^)\s#:]+)(?=[)#])")
PROJECT = {
    "ARCHITECTURE.md": "explanation/architecture.md",
    "CONTRIBUTING.md": "project/contributing.md",
    "CHANGELOG.md": "project/changelog.md",
    "SECURITY.md": "project/security.md",
}
PARTS = {
    "tutorial": "Tutorial",
    "howto": "How to",
    "crm": "CRMs",
    "reference": "Reference",
    "explanation": "Explanation",
    "decisions": "Decisions",
    "project": "The project",
}
CONFIGURATION = """\
[project]
site_name = "LinkTime"
site_description = "Open, self-hostable scheduling whose bookings reach your CRM exactly once"
nav = [{nav}]

[project.theme]
font = false

[[project.theme.palette]]
media = "(prefers-color-scheme: light)"
scheme = "default"

[[project.theme.palette]]
media = "(prefers-color-scheme: dark)"
scheme = "slate"
"""


def main(out: Path) -> int:
    """Build the site into a folder. Return 0, or what to exit with."""
    with tempfile.TemporaryDirectory() as folder:
        stage(Path(folder))
        build = [sys.executable, "-m", "zensical", "build", "--strict"]
        code = subprocess.run(build, cwd=folder, check=False).returncode  # noqa: S603 - ours
        if code == 0:
            shutil.copytree(Path(folder, "site"), out, dirs_exist_ok=True)
    return code


def stage(folder: Path) -> None:
    """Lay all pages into one folder as the site has them, with the builder's configuration."""
    places = where_pages_go()
    texts = texts_of_guides()
    for source, place in places.items():
        text = linked(texts.get(source) or source.read_text(), source, places)
        target = folder / "docs" / place
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    shutil.copytree(DOCS / "images", folder / "docs" / "images")
    (folder / "zensical.toml").write_text(CONFIGURATION.format(nav=navigation(places.values())))


def where_pages_go() -> dict[Path, str]:
    """Return every page with its place in the site."""
    own = {page: page.relative_to(DOCS).as_posix() for page in sorted(DOCS.rglob("*.md"))}
    project = {ROOT / name: place for name, place in PROJECT.items()}
    about = {GUIDES / f"{name}.md": f"crm/{name}.md" for name in ("comparison", "privacy")}
    return {**own, **project, **about, **{guide_of(crm): f"crm/{crm}.md" for crm in registry.crms()}}


def guide_of(crm: str) -> Path:
    return ROOT / "linktime" / "crm" / "providers" / crm / "guide.md"


def texts_of_guides() -> dict[Path, str]:
    """Return the texts that are filled in."""
    place = pages.Place(address=lambda crm: os.path.relpath(guide_of(crm), GUIDES))
    guides = {guide_of(crm): pages.guide(crm, place) for crm in registry.crms()}
    about = {GUIDES / "comparison.md": pages.compared(place), GUIDES / "privacy.md": pages.privacy(place)}
    return guides | about


def linked(text: str, source: Path, places: Mapping[Path, str]) -> str:
    """Turn links between files of the repository into links between pages of the site."""

    def turned(link: re.Match[str]) -> str:
        place = places.get((source.parent / link[0]).resolve())
        return os.path.relpath(place, Path(places[source]).parent) if place else link[0]

    return LINK.sub(turned, text)


def navigation(places: Iterable[str]) -> str:
    """Return the menu as TOML: the parts in their order, each with its pages."""
    listed = {title: [place for place in places if place.startswith(f"{part}/")] for part, title in PARTS.items()}
    parts = [f"{{ {json.dumps(title)} = {json.dumps(found)} }}" for title, found in listed.items() if found]
    return ", ".join(['"README.md"', *parts])


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
