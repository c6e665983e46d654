"""Markdown -> HTML for a page of ours, with its table of contents. HTML within the text is shown, not obeyed."""

from dataclasses import dataclass
from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.token import Token

KEPT = 32  # the pages of an installation, as it shows them


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the second level: what the table of contents lists."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Rendered:
    title: str
    sections: tuple[Section, ...]
    html: SafeString


@lru_cache(maxsize=KEPT)
def render(text: str) -> Rendered:
    """Render a page that begins with its title."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(text)
    headings = [(tokens[place], tokens[place + 1]) for place in _headings(tokens)]
    for opening, inline in headings:
        opening.attrSet("id", slugify(inline.content))
    sections = tuple(
        Section(slugify(inline.content), _plain(inline)) for opening, inline in headings if _second(opening)
    )
    _label_cells(tokens)
    html = parser.renderer.render(tokens, parser.options, {})
    return Rendered(_plain(headings[0][1]), sections, mark_safe(html))  # noqa: S308 - texts of ours, HTML escaped


def _headings(tokens: list[Token]) -> list[int]:
    return [place for place, token in enumerate(tokens) if token.type == "heading_open"]


def _second(opening: Token) -> bool:
    return opening.tag == "h2"


def _plain(inline: Token) -> str:
    return "".join(child.content for child in inline.children or ())


def _label_cells(tokens: list[Token]) -> None:
    """Give each cell the title of its column, which a phone shows beside it."""
    titles: list[str] = []
    column = 0
    for place, token in enumerate(tokens):
        match token.type:
            case "thead_open":
                titles = []
            case "th_open":
                titles.append(_plain(tokens[place + 1]))
            case "tr_open":
                column = 0
            case "td_open":
                token.attrSet("data-title", titles[column])
                column += 1
