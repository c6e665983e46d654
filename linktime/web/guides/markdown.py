"""Markdown -> HTML for a page of ours, with its table of contents. HTML within the text is shown, not obeyed."""

from dataclasses import dataclass
from functools import lru_cache

from django.utils.html import format_html
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
    html = parser.renderer.render(_scrolling(tokens), parser.options, {})
    return Rendered(_plain(headings[0][1]), sections, mark_safe(html))  # noqa: S308 - texts of ours, HTML escaped


def _headings(tokens: list[Token]) -> list[int]:
    return [place for place, token in enumerate(tokens) if token.type == "heading_open"]


def _second(opening: Token) -> bool:
    return opening.tag == "h2"


def _plain(inline: Token) -> str:
    return "".join(child.content for child in inline.children or ())


def _scrolling(tokens: list[Token]) -> list[Token]:
    """Put each table into a box of its own that scrolls on a phone, named for its section."""
    boxed: list[Token] = []
    section = ""
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            section = _plain(tokens[place + 1])
        if token.type == "table_open":
            boxed.append(_html(format_html('<div class="scroll" role="group" aria-label="{}" tabindex="0">', section)))
        boxed.append(token)
        if token.type == "table_close":
            boxed.append(_html("</div>\n"))
    return boxed


def _html(text: str) -> Token:
    return Token("html_block", "", 0, content=text)
