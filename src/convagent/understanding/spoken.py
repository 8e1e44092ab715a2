"""Order numbers and e-mail addresses as people say them: "order 10 42", "one zero four two", "ada at example dot com"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from convagent.understanding.lazy_pattern import LazyPattern
from convagent.understanding.lexicon import is_function_word
from convagent.understanding.number_words import SPELT_NUMBERS

__all__ = ["spelt_emails", "spelt_order_numbers"]

_MOST_PIECES = 8
_PIECE = "|".join(
    re.escape(word).replace(r"\ ", " ")
    for word, value in sorted(SPELT_NUMBERS.items(), key=lambda item: (-len(item[0]), item[0]))
    if value < 100 and word not in ("a", "an", "dozen", "pair", "couple", "a couple")
)
_CALLED = (
    r"(?<!\w)(?:orders?|order\s?(?:number|no\.?|nr\.?|id)|bestell\w*|auftrag\w*|commandes?|numbers?|nummer|numéro)\b"
    r"(?:[ ](?:number|no\.?|nr\.?|id|ref|numéro|nummer|de|ma|is|was|ist|lautet|est|die|der|le|la|of|my|it"
    r"|commande)\b\.?|[ ]?[:#=]){0,4}[ ]?"
)
_SPELT_ORDER = LazyPattern(
    rf"{_CALLED}(?P<number>\#?\d{{1,4}}(?:[ .-]{{1,2}}\d{{1,4}}){{1,{_MOST_PIECES}}}"
    rf"|(?:(?:{_PIECE})(?:[ ,]{{1,2}}(?=[^\W\d_])|(?![\w-]))){{2,{_MOST_PIECES}}})(?![\w-])",
    re.IGNORECASE,
)
_ENDINGS = "com|net|org|info|biz|eu|ie|uk|de|at|ch|fr|be|lu|nl|it|es|pt|pl|dk|se|no|fi|io|me|example"
_AT = r"[ ]?(?:\(at\)|\[at\]|\{at\}|\(ät\)|\(a\))[ ]?|[ ](?:at|arobase|ät)[ ]|[ ]?@[ ]?"
_DOT = r"[ ]?(?:\(dot\)|\[dot\]|\(punkt\))[ ]?|[ ](?:dot|punkt|point)[ ]|[ ]?[.,][ ]?"
_SPELT_EMAIL = LazyPattern(
    rf"(?<![\w.+%'’-])(?P<local>\w[\w.+%-]{{0,63}})(?P<at>{_AT})(?P<domain>[\w-]{{1,63}}(?:(?:{_DOT})[\w-]{{2,63}}){{0,3}}?"
    rf"(?P<dot>{_DOT})(?:{_ENDINGS}))(?![\w@-])",
    re.IGNORECASE,
)


def spelt_order_numbers(text: str) -> Iterator[tuple[str, int, int]]:
    """Numbers in several pieces after a word that says what they are: the figures, and where they stand.

    Whether they fit the shop's pattern is for the caller: "order 2 mugs" and "10 42" look alike from here.
    """
    for found in _SPELT_ORDER.finditer(text):
        written = found["number"].strip(" ,")
        figures = "".join(
            piece if piece.isdigit() else str(SPELT_NUMBERS[piece.casefold()])
            for piece in re.findall(rf"\d+|(?:{_PIECE})(?![\w-])", written, re.IGNORECASE)
        )
        yield figures, found.start("number"), found.start("number") + len(written)


def spelt_emails(text: str) -> Iterator[tuple[str, int, int]]:
    """Addresses with a sign said in words, in brackets or with blanks around it: the address, and where it stands.

    The word "at" alone is a word like others ("I'm at example.com"): it counts beside a dot in words.
    """
    for found in _SPELT_EMAIL.finditer(text):
        at, dot = found["at"].strip().casefold(), found["dot"].strip().casefold()
        if at in ("at", "ät", "arobase") and (
            is_function_word(found["local"]) or (dot in (".", ",") and at != "arobase")
        ):
            continue
        if at == "@" and found["at"] != "@" and found["local"].isdigit():
            continue
        domain = re.sub(_DOT, ".", found["domain"], flags=re.IGNORECASE)
        yield f"{found['local']}@{domain}".lower(), *found.span()
