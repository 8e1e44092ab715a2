"""Sentences that claim all that was asked and say nothing of it, such as "Yes." and "You can't.".

They have no word that could stand in a source, as politeness has none, but they answer: whether they are true nothing shows.
"""

from __future__ import annotations

import re

from convagent.search import base_language

__all__ = ["is_bare_claim"]

_WORD = re.compile(r"[^\W\d_]+(?:'t)?")
_YES_OR_NO = re.compile(
    r"(?:yes|yeah|yep|no|nope|correct|that's (?:right|correct)|ja|jawohl|nein|doch|stimmt|oui|non|si|exact)\b"
    r"(?! (?:one|problem|worries))",
    re.IGNORECASE,
)
_SIGH = re.compile(r"\W*(?:oh|ah|ach|aw)\W+(?:no|nein|non|dear|je|là là)\W*", re.IGNORECASE)
_ENOUGH = 2
"""Terms that a sentence which begins with yes or no needs of its own, to be held against the sources: "Yes, it is." has none."""

_CLAIMING = {
    "en": "can can't cannot could couldn't may might must mustn't should shouldn't shall will won't would "
    "wouldn't do don't does doesn't did didn't have haven't has hasn't had is isn't are aren't was wasn't "
    "were weren't be been need needn't not no never always only all both none any each every everything "
    "anything nothing everyone work works apply applies go goes",
    "de": "kann können könnt könnte könnten darf dürfen dürft muss müssen müsst soll sollen wird werden wurde "
    "ist sind war waren hat haben geht gehen gilt gelten tut tun nicht nichts nie niemals immer nur alle "
    "alles beide kein keine keiner jeder jede jedes funktioniert",
    "fr": "peut peuvent pouvez pouvons peux doit doivent devez dois faut est sont était sera serez seront a ont "
    "avez avons va vont fait font ne n pas rien jamais toujours seulement tous tout toute toutes aucun "
    "aucune marche fonctionne",
}
_BESIDE = {
    "en": "i m am re s ll ve d you we they it that this these those there he she them us your one ones to so at "
    "of then still too as well also even just indeed actually really ever anymore more but and or if yet "
    "already either neither unfortunately sadly luckily however sorry afraid course sure certainly "
    "absolutely definitely way possible allowed",
    "de": "ich sie du ihr wir er es das dies diese man ihnen so dann da dort hier auch schon noch doch ja nein "
    "aber und oder leider natürlich selbstverständlich gerne gern sicher klar zum glück dafür damit "
    "möglich erlaubt",
    "fr": "je j vous tu nous on il elle ils elles ce c cela ça ceci le la l les en y bien sûr aussi encore donc "
    "mais et ou oui non si malheureusement désolé désolée heureusement naturellement certainement plus "
    "possible permis autorisé",
}
_CLAIMS = {language: frozenset(words.split()) for language, words in _CLAIMING.items()}
_CLOSED = {language: frozenset(f"{_CLAIMING[language]} {_BESIDE[language]}".split()) for language in _CLAIMING}


def is_bare_claim(said: str, terms: frozenset[str], language: str) -> bool:
    """Whether a sentence answers without saying what.

    Args:
        said: A sentence without figures.
        terms: What it states, see `stated_terms.content_terms`.
        language: English, German or French; in others yes and no alone are known.
    """
    if _SIGH.fullmatch(said):
        return False
    if _YES_OR_NO.match(said) and len(terms) < _ENOUGH:
        return True
    if said.rstrip().endswith((":", "?")):
        return False
    words = set(_WORD.findall(said.replace("’", "'").casefold()))
    base = base_language(language)
    return bool(words & _CLAIMS.get(base, frozenset())) and words <= _CLOSED[base]
