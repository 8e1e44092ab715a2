"""Translations of guides' texts: a catalogue for each language, keyed by guide and text.

    guidance/translations/de.yaml

    Where is my order:
      "{{ order.id }} is on its way.": "{{ order.id }} ist unterwegs."

A text without a translation is said as it is written. One that names other things than its translation, or whose figures
differ, is a finding: nothing that a customer decides by may get lost between languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from convagent.guidance.findings.finding import Finding
from convagent.guidance.language import syntax as sx
from convagent.guidance.language.templates import check_template, paths_of

__all__ = [
    "Translations", "check_translations", "choices_of", "forbidden_phrases", "nevers_of", "other_words", "read_translations",
    "texts_of",
]  # fmt: skip

_FIGURE = re.compile(r"\d{1,3}(?:[\u00a0\u202f]\d{3})+|\d+(?:[.,:]\d+)*")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,\u00a0\u202f]\d{3})+")


@dataclass(frozen=True)
class Translations:
    """Texts by language, guide and original; guides and originals without regard to case and line breaks.

    Attributes:
        texts: language → (guide, original) → translation.
        files: The file of each language, for findings.
    """

    texts: Mapping[str, Mapping[tuple[str, str], str]] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)

    def translate(self, language: str, guide: str, text: str) -> str:
        """The text in a language; as it is written where there is no translation."""
        catalogue = self.texts.get(language)
        return text if catalogue is None else catalogue.get((_key(guide), _key(text)), text)


def _key(text: str) -> str:
    return " ".join(text.split()).casefold()


def read_translations(folder: Path, *, base: Path | None = None) -> tuple[Translations, tuple[Finding, ...]]:
    """Reads `translations/*.yaml` below a guidance folder.

    Args:
        folder: The guidance folder.
        base: Files are named relative to it in findings.
    """
    from yaml import CSafeLoader, YAMLError, load

    texts: dict[str, dict[tuple[str, str], str]] = {}
    files: dict[str, str] = {}
    findings: list[Finding] = []
    for path in sorted((folder / "translations").glob("*.yaml")):
        name = path.relative_to(base).as_posix() if base is not None and path.is_relative_to(base) else str(path)
        language = path.stem.casefold()
        files[language] = name
        try:
            data: Any = load(path.read_text(encoding="utf-8-sig"), Loader=CSafeLoader)
        except (YAMLError, OSError, UnicodeDecodeError, RecursionError) as error:
            mark = getattr(error, "problem_mark", None)
            findings.append(_finding("L101", "the translations can't be read", name, mark.line + 1 if mark else 1))
            continue
        catalogue = texts.setdefault(language, {})
        for guide, pairs in (data or {}).items() if isinstance(data or {}, dict) else ((None, None),):
            if not isinstance(pairs, dict) or not all(isinstance(t, str) for pair in pairs.items() for t in pair):
                findings.append(_finding("L101", "translations are texts by guide and original", name, 1))
                continue
            catalogue.update({(_key(str(guide)), _key(text)): words for text, words in pairs.items()})
    return Translations(texts, files), tuple(findings)


def texts_of(guide: sx.Guide) -> tuple[sx.Text, ...]:
    """Every text of a guide that a customer may read, in order."""
    out: list[sx.Text] = []

    def visit(node: Any) -> None:
        if isinstance(node, sx.Text):
            if node.template.strip():
                out.append(node)
        elif isinstance(node, tuple):
            for part in node:
                visit(part)
        elif hasattr(node, "__dataclass_fields__") and not isinstance(node, (sx.When, sx.Note, sx.Example)):
            for name in node.__dataclass_fields__:
                if name != "span":
                    visit(getattr(node, name))

    visit(guide.statements)
    return tuple(out)


def forbidden_phrases(
    said: Iterable[tuple[str, str]], translations: Translations, *, language: str
) -> Iterator[tuple[str, str]]:
    """The phrases of `Never say`, each with the language it is written in.

    Args:
        said: Guide title and phrase as it is written.
        translations: May hold phrases under their guide's title; ` | ` stands between several for one.
        language: The language that the guides are written in.
    """
    for guide, phrase in said:
        yield phrase, language
        for other, catalogue in translations.texts.items():
            translated = catalogue.get((_key(guide), _key(phrase)))
            for part in other_words(translated) if translated is not None else ():
                yield part, other


def other_words(translated: str) -> tuple[str, ...]:
    """The words of a translation that may hold several, with ` | ` between them: of a choice, the first is the one shown."""
    return tuple(part.strip() for part in translated.split("|") if part.strip())


def nevers_of(guide: sx.Guide) -> tuple[sx.Never, ...]:
    """The `Never say` statements of a guide."""
    return tuple(node for node in guide.statements if isinstance(node, sx.Never) and node.words)


def choices_of(guide: sx.Guide) -> tuple[str, ...]:
    """The choices that a guide writes out: `one of "mending", "refund"`. They may be translated like its texts."""
    found: dict[str, None] = {}

    def visit(node: Any) -> None:
        if isinstance(node, sx.NeedType):
            found.update(dict.fromkeys(choice.value for choice in node.choices if isinstance(choice.value, str)))
        elif isinstance(node, tuple):
            for part in node:
                visit(part)
        elif hasattr(node, "__dataclass_fields__"):
            for name in node.__dataclass_fields__:
                visit(getattr(node, name))

    visit(guide.statements)
    return tuple(found)


def check_translations(
    guides: Iterable[sx.Guide], translations: Translations, *, folder: Path | None = None
) -> tuple[Finding, ...]:
    """What is wrong with translations: texts that no guide has, lost marks and figures, texts not translated.

    A language counts a missing text only for guides of which it has any: translating guide by guide is fine.

    Args:
        guides: All guides.
        translations: Their translations.
        folder: The guidance folder, so that findings name lines; without it they name the first line of the file.
    """
    findings: list[Finding] = []
    guides = tuple(guides)
    by_title = {_key(guide.title): {_key(text.template): text for text in texts_of(guide)} for guide in guides}
    optional = {
        _key(guide.title): {
            _key(word) for word in (*choices_of(guide), *(word for never in nevers_of(guide) for word in never.words))
        }
        for guide in guides
    }
    for language, catalogue in translations.texts.items():
        file = translations.files.get(language, language)
        begun = {guide for guide, _ in catalogue}
        places = _Places(folder / "translations" / Path(file).name if folder is not None else None)
        for (guide, original), words in catalogue.items():
            text = by_title.get(guide, {}).get(original)
            if text is None and original in optional.get(guide, ()):
                continue
            if text is None:
                if guide not in by_title:
                    told, line = f"no guide has this title: “{guide[:60]}”", places.line(guide)
                else:
                    told = f"the guide has no such text any more: “{original[:60]}”"
                    line = places.line(guide, original)
                findings.append(_finding("L102", told, file, line))
            elif check_template(words) is not None or set(paths_of(words)) != set(paths_of(text.template)):
                told = f"the translation names other things than “{text.template[:60]}”"
                findings.append(_finding("L103", told, file, places.line(guide, original)))
            elif _figures(words) != _figures(text.template):
                told = f"the translation has other figures than “{text.template[:60]}”"
                findings.append(_finding("L104", told, file, places.line(guide, original)))
        for guide in sorted(begun & by_title.keys()):
            for original, text in by_title[guide].items():
                if (guide, original) not in catalogue:
                    told = f"not translated to {language}: “{text.template[:60]}”"
                    findings.append(_finding("L105", told, file, places.line(guide)))
    return tuple(findings)


class _Places:
    """The lines at which guides and texts stand in a file of translations, which is read when the first one is asked for."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._lines: dict[tuple[str, str], int] | None = None

    def line(self, guide: str, original: str = "") -> int:
        """The line of a text, or of the guide's title; 1 where it isn't known."""
        if self._lines is None:
            self._lines = dict(self._read())
        return self._lines.get((guide, original), self._lines.get((guide, ""), 1))

    def _read(self) -> Iterator[tuple[tuple[str, str], int]]:
        from yaml import CSafeLoader, MappingNode, YAMLError, compose

        try:
            node = compose(self.path.read_text(encoding="utf-8-sig"), CSafeLoader) if self.path is not None else None
        except (YAMLError, OSError, UnicodeDecodeError, RecursionError):
            return
        for title, texts in node.value if isinstance(node, MappingNode) else ():
            yield (_key(str(title.value)), ""), title.start_mark.line + 1
            for text, _ in texts.value if isinstance(texts, MappingNode) else ():
                yield (_key(str(title.value)), _key(str(text.value))), text.start_mark.line + 1


def _figures(text: str) -> list[str]:
    plain = re.sub(r"\{\{.*?\}\}", " ", text)
    found = (
        re.sub(r"\D", "", one) if _THOUSANDS.fullmatch(one) else one.replace(",", ".") for one in _FIGURE.findall(plain)
    )
    return sorted(found)


_REMEDIES = {
    "L101": 'Write `Guide title:` and below it `"text": "translation"` lines.',
    "L102": "Correct the title or the text, or delete the translation.",
    "L103": "Keep every {{ … }} of the original.",
    "L104": "Keep every figure of the original.",
    "L105": "Add its translation.",
}


def _finding(code: str, message: str, file: str, line: int) -> Finding:
    severity = "warning" if code in {"L102", "L105"} else "error"
    return Finding(code, severity, message, file, line, 1, _REMEDIES[code])  # type: ignore[arg-type]
