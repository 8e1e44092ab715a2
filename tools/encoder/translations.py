"""Sentences with their translations, from the message catalogues of installed packages (BSD and MIT).

Used to place the centre of the multilingual vectors and to fit their linear map, nothing else.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from importlib.util import find_spec
from pathlib import Path

import polib

__all__ = ["translations"]

PACKAGES = ("django", "wagtail", "cms", "oscar", "formtools", "allauth", "phonenumber_field", "django_filters")
LANGUAGES = ("de", "fr", "es", "it", "pt", "nl")
_PLACE = re.compile(r"/locale/(de|fr|es|it|pt|pt_BR|nl)/LC_MESSAGES/")
_GAP = re.compile(r"%\(\w+\)[sd]|\{+\w*\}+|%[sd]")


def translations(*, count: int, seed: int = 7) -> list[list[str]]:
    """Sentences of 4 to 25 words in English and all six languages: `count` lists of seven texts, English first.

    Raises:
        RuntimeError: The packages aren't installed.
    """
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for package in PACKAGES:
        spec = find_spec(package)
        if spec is None or spec.origin is None:
            raise RuntimeError(f"{package} isn't installed; install tools/encoder/requirements.txt")
        for path in sorted(Path(spec.origin).parent.rglob("*.po")):
            place = _PLACE.search(path.as_posix())
            if place is None:
                continue
            for entry in polib.pofile(str(path)):
                if entry.msgstr and not entry.obsolete and not entry.fuzzy:
                    english, other = _plain(entry.msgid), _plain(entry.msgstr)
                    if 4 <= len(english.split()) <= 25:
                        found[english].setdefault(place.group(1)[:2], other)
    whole = [[english, *(of[name] for name in LANGUAGES)] for english, of in sorted(found.items()) if len(of) == 6]
    random.Random(seed).shuffle(whole)
    return whole[:count]


def _plain(text: str) -> str:
    text = re.sub(r"<[^>]+>", " ", _GAP.sub("X", text)).replace("&", "")
    return " ".join(text.split())
