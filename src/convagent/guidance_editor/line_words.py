"""One line of guidance, word by word: keywords, names, what a text in quotes names. It never fails, whatever is written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from convagent.guidance.language.line_faults import RESERVED
from convagent.guidance.language.quotes import quoted_parts

__all__ = ["Kind", "Lexeme", "Scanner", "lexemes"]

Kind = Literal[
    "title", "keyword", "name", "field", "action", "parameter", "type", "guide", "team", "article", "judgement", "event",
    "reason", "given", "text", "string", "number", "operator", "note", "filter", "example",
]  # fmt: skip
"""What a word stands for."""


@dataclass(frozen=True, slots=True)
class Lexeme:
    """A word, figure, sign or text in quotes of a line.

    Attributes:
        kind: What it stands for; before a `Scanner` saw it `name`, `string`, `number` or `operator`.
        value: As it is written; of a text in quotes without them.
        start: Offset in the line.
        end: Offset behind it.
    """

    kind: Kind
    value: str
    start: int
    end: int
    path: tuple[str, ...] = ()
    declares: bool = False
    owner: str = ""
    never: bool = False

    def shifted(self, by: int) -> Lexeme:
        """The same at another place."""
        return replace(self, start=self.start + by, end=self.end + by)


_WORDS = re.compile(
    r"""(?P<number>[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])
        |[0-9]+(?:\.[0-9]+)?\s*(?:%|[A-Z]{3}\b|(?:business\s+days?|calendar\s+days?|minutes?|hours?|days?|weeks?|months?|years?|seconds?)\b)
        |[0-9]+(?:\.[0-9]+)?)
      |(?P<name>[A-Za-z_][A-Za-z0-9_]*)
      |(?P<description>\([^()"]*\)(?=\s*(?:,|$)))
      |(?P<operator><=|>=|[<>=+*/():.,-])""",
    re.VERBOSE,
)


def lexemes(text: str) -> list[Lexeme]:
    """The words of a line. Behind a quote without a partner everything belongs to the text that it opens."""
    parts, fault = quoted_parts(text)
    out: list[Lexeme] = []
    at = 0
    for start, end in parts:
        out += _plain(text, at, start)
        out.append(Lexeme("string", text[start + 1 : end - 1], start, end))
        at = end
    if fault is None:
        return [*out, *_plain(text, at, len(text))]
    out += _plain(text, at, fault.start)
    out.append(Lexeme("string", text[fault.start + 1 :], fault.start, len(text)))
    return out


def _plain(text: str, start: int, end: int) -> list[Lexeme]:
    out: list[Lexeme] = []
    for found in _WORDS.finditer(text, start, end):
        kind = found.lastgroup or "name"
        after_string = bool(re.search(r'["”“»«]\s*$|[0-9]\s*$', text[: found.start()]))
        if kind == "description":
            if after_string:
                continue
            # parentheses that aren't a choice's explanation are read word by word
            out.append(Lexeme("operator", "(", found.start(), found.start() + 1))
            out += _plain(text, found.start() + 1, found.end() - 1)
            out.append(Lexeme("operator", ")", found.end() - 1, found.end()))
            continue
        out.append(Lexeme(kind, found[0], found.start(), found.end()))  # type: ignore[arg-type]
    return out


_TAKES = frozenset({"first", "last"})
_FOLDS = frozenset({"any", "all", "sum", "lowest", "highest", "count"})
_LONELY = frozenset({"descending", "urgently"})


class Scanner:
    """Goes over the words of a line once and says what each stands for."""

    def __init__(self, words: Sequence[Lexeme]) -> None:
        self.words, self.at = list(words), 0
        self.out: list[Lexeme] = []
        self.never = False

    # ---- looking
    def _word(self, ahead: int = 0) -> str:
        """A word that lies ahead, in small letters; empty where there is none, or a text or sign."""
        at = self.at + ahead
        return self.words[at].value.lower() if at < len(self.words) and self.words[at].kind == "name" else ""

    def _sign(self, ahead: int = 0) -> str:
        at = self.at + ahead
        return self.words[at].value if at < len(self.words) and self.words[at].kind == "operator" else ""

    def _is(self, *words: str) -> bool:
        return all(self._word(at) == word for at, word in enumerate(words))

    def _more(self) -> bool:
        return self.at < len(self.words)

    # ---- taking
    def _take(self, kind: Kind, *, path: tuple[str, ...] = (), declares: bool = False, owner: str = "") -> None:
        word = self.words[self.at]
        self.out.append(Lexeme(kind, word.value, word.start, word.end, path, declares, owner, self.never))
        self.at += 1

    def _keywords(self, count: int = 1) -> None:
        for _ in range(count):
            if self._more():
                self._take("keyword")

    def _string(self, kind: Kind) -> None:
        if self._more() and self.words[self.at].kind == "string":
            self._take(kind)

    def _name(self, kind: Kind = "name", *, declares: bool = False) -> None:
        word = self._word()
        if word and word not in RESERVED:
            self._take(kind, path=(self.words[self.at].value,), declares=declares)

    # ---- statements
    def statement(self) -> list[Lexeme]:
        """The words of a statement or of a property below one."""
        if self._is("if", "it", "fails"):
            self._keywords(3)
            if self._sign() == ":":
                self._take("operator")
            return self.statement()
        handle = getattr(self, f"_on_{self._word()}", None)
        if handle is not None:
            handle()
        return self.expression()

    def _on_need(self) -> None:
        self._keywords()
        self._item()
        while self._word() in {"and", "or"} or (self._sign() == "," and self._word(1) == "or"):
            if self._sign() == ",":
                self._take("operator")
            self._keywords()
            self._item()
        self._type()

    def _item(self) -> None:
        self._name(declares=True)
        if self._is("for", "each"):
            self._keywords(2)
            self._name(declares=True)
            if self._word() == "in":
                self._keywords()
                self._path()

    def _type(self) -> None:
        if self._sign() != ":":
            return
        self._take("operator")
        if self._is("yes", "or", "no"):
            self._keywords(3)
        elif self._word() in {"one", "some", "each"} and self._word(1) == "of":
            self._keywords(2)
        elif self._word() and self._word() not in RESERVED:
            self._take("type")
            while self._word() in {"and", "or"} or (self._sign() == "," and self._word(1) == "or"):
                if self._sign() == ",":
                    self._take("operator")
                self._keywords()
                self._item()

    def _on_ask(self) -> None:
        self._keywords()
        self._string("text")
        if self._word() == "for":
            self._keywords()
            self._name(declares=True)
            self._type()

    def _on_let(self) -> None:
        self._keywords()
        self._name(declares=True)
        if self._word() == "be":
            self._keywords()
        if self._is("look", "up"):
            self._keywords(2)
            self._call()

    def _on_do(self) -> None:
        self._keywords()
        self._call()

    def _call(self) -> None:
        """An action with what it is given."""
        name = self.words[self.at].value if self._word() else ""
        self._name("action")
        if self._word() == "with":
            self._keywords()
        while self._more() and self._word() != "as":
            if self._word() and self._sign(1) == "=":
                self._take("parameter", owner=name)
                self._take("operator")
            else:
                self._part()
        if self._word() == "as":
            self._keywords()
            self._name(declares=True)

    def _on_never(self) -> None:
        self._keywords()
        self.never = True
        if self._word() == "say":
            self._keywords()
            while self._more():
                self._take("string" if self.words[self.at].kind == "string" else "keyword")
        elif self._word() == "do":
            self._keywords()
            if self._word() == "any":
                self._keywords(2)
            else:
                self._name("action")

    def _on_hand(self) -> None:
        if self._word(1) != "over":
            return
        self._keywords(2)
        if self._word() == "to":
            self._keywords()
            self._string("team")
        if self._word() == "urgently":
            self._keywords()
        if self._word() == "because":
            self._keywords()
            if self._word():
                self._take("reason")
        self._string("text")

    def _on_go(self) -> None:
        if self._word(1) in {"to", "on"}:
            self._keywords(2)
            self._string("guide")

    def _on_answer(self) -> None:
        self._keywords()
        if self._word() == "from":
            self._keywords()
        while self._more() and self.words[self.at].kind in {"string", "operator"}:
            self._take("article" if self.words[self.at].kind == "string" else "operator")

    def _on_give(self) -> None:
        self._keywords()
        self._name("given")

    def _on_set(self) -> None:
        self._keywords()
        self._path()

    def _on_say(self) -> None:
        self._keywords()
        if self._is("in", "your", "own", "words"):
            self._keywords(4)
        self._string("text")

    def _on_refuse(self) -> None:
        self._keywords()
        self._string("text")

    _on_confirm = _on_refuse

    def _on_offer(self) -> None:
        self._keywords()
        self._string("string")

    _on_tag = _on_offer

    def _on_recommend(self) -> None:
        self._keywords()

    _on_if = _on_otherwise = _on_snooze = _on_close = _on_within = _on_must = _on_recommend

    def _on_else(self) -> None:
        self._keywords()
        if self._word() in {"say", "refuse", "hand"}:
            self.statement()

    # ---- expressions
    def expression(self) -> list[Lexeme]:
        """The words of an expression, up to the end of the line."""
        while self._more():
            self._part()
        return self.out

    def _part(self) -> None:
        word = self.words[self.at]
        lower = self._word()
        if word.kind != "name":
            self._take(word.kind)
        elif lower == "its":
            self._keywords()
            self._path(its=True)
        elif self._is("it", "seems"):
            self._keywords(2)
            self._string("judgement")
        elif lower == "else" and self._word(1) in {"say", "refuse", "hand", "close"}:
            self._keywords()
            self._on_say() if self._word() == "say" else self._keywords()
        elif self._is("does", "not") or (lower == "contain" and self._is_behind("not")):
            self._keywords()
        elif lower in _LONELY or self._is("highest", "first") or self._folds():
            self._keywords(2 if self._is("highest", "first") else 1)
        elif lower in RESERVED:
            self._keywords()
        else:
            self._path()

    def _folds(self) -> bool:
        """Whether a word that may be a name takes or reckons over a list here."""
        if self._word() in _FOLDS:
            return self._word(1) == "of"
        if self._word() not in _TAKES:
            return False
        figure = self.at + 1 < len(self.words) and self.words[self.at + 1].kind == "number"
        return self._word(1 + figure) == "of"

    def _is_behind(self, word: str) -> bool:
        return bool(self.out) and self.out[-1].value.lower() == word

    def _path(self, *, its: bool = False) -> None:
        """A name with what stands behind its dots, or a field of the element at hand."""
        path: tuple[str, ...] = ("its",) if its else ()
        kind: Kind = "field" if its else "name"
        while self._word() and (path or self._word() not in RESERVED):
            path = (*path, self.words[self.at].value)
            self._take(kind, path=path)
            if self._sign() != "." or self.words[self.at].start != self.out[-1].end:
                return
            self._take("operator")
            kind = "field"
