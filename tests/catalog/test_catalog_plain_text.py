"""Bodies as a customer reads them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.catalog import html_to_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Waxed cotton.</p><p>Two&nbsp;pockets.</p>", "Waxed cotton.\nTwo pockets."),
        ("A<br>B", "A\nB"),
        ("<ul><li>one<li>two</ul>three", "one\ntwo\nthree"),
        ("Plain   words\n\n\nand more", "Plain words\nand more"),
        ("<p>keep</p><script>drop()</script><style>p{}</style><!-- drop --><template>drop</template>", "keep"),
        ("<p>seen</p><p hidden>unseen</p>", "seen"),
        ('<p>seen</p><p style="Display: none">unseen</p>', "seen"),
        ("5 < 6 &amp; 7 > 6", "5 < 6 & 7 > 6"),
        ("<table><tr><th>M</th><td>96 cm</td></tr><tr><th>L</th><td>102 cm</td></tr></table>", "M 96 cm\nL 102 cm"),
        ("<b>bo</b>ld <i>it</i>", "bold it"),
        ("zero\u200bwidth", "zerowidth"),
        ("", ""),
        ("<p></p>", ""),
    ],
)
def test_html_becomes_the_words_a_customer_sees(html: str, text: str) -> None:
    assert html_to_text(html) == text


def test_thousands_of_nested_elements_are_read() -> None:
    assert html_to_text("<div>" * 20_000 + "deep") == "deep"


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_becomes_tidy_lines(html: str) -> None:
    lines = html_to_text(html).split("\n")
    assert lines == [""] or all(line == line.strip() and line for line in lines)
