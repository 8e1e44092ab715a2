"""Whatever a text says, Markdown shows just that."""

from __future__ import annotations

from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from convagent.plain_markdown import plain

SIGNS = st.text(st.sampled_from("\\`*_{}[]()<>|#~!@&+-:/ .1aH\n\t“é"), max_size=40)
HARMLESS_START = "x "
"""Whoever uses it puts words before a text, so that no list or heading begins with it."""


class _Words(HTMLParser):
    """The words of a page, and the tags that stand in it."""

    def __init__(self) -> None:
        super().__init__()
        self.words, self.tags = "", set[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.words += data


def _shown(markdown: str) -> _Words:
    page = _Words()
    page.feed(MarkdownIt("gfm-like", {"linkify": False}).render(HARMLESS_START + markdown))
    return page


@given(SIGNS, st.booleans())
def test_a_text_is_shown_as_it_is(text: str, unlinked: bool) -> None:
    page = _shown(plain(text, unlinked=unlinked))
    assert page.words.strip() == (HARMLESS_START + " ".join(text.split())).strip()
    assert page.tags == {"p"}


@given(SIGNS)
def test_code_is_what_stands_between_two_backticks(text: str) -> None:
    flat = " ".join(text.split())
    if flat.count("`") % 2:
        assert plain(text, code=True) == plain(text)
        return
    for number, part in enumerate(flat.split("`")):
        assert (f"`{part}`" if number % 2 else plain(part).strip()) in plain(text, code=True)


@pytest.mark.parametrize("text", ["see https://a.example", "@ada wrote", "as in #12"])
def test_what_strangers_wrote_links_nowhere(text: str) -> None:
    written = plain(text, unlinked=True)
    assert not {"@", "#"} & set(written.replace("&#", "")), "a code host looks for these signs"
    assert "https:" not in written
    assert unescape(written) == text
