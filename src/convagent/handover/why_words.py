"""What the engine says of why a person is needed, in the language of the note: it is told in English inside the engine.

What isn't known here, such as what a shop's own system answered, stays as it is.
"""

from __future__ import annotations

import re
from typing import Final

from convagent.guidance.phrases import quotation_marks

__all__ = ["in_quotes_of", "why_in"]

_ANY = "([^;]+?)"

_PHRASES: Final[tuple[tuple[str, str, str], ...]] = (
    (
        rf"no guide and no article answers {_ANY}(?=; |$)",
        r"weder eine Regel noch ein Artikel beantwortet \1",
        r"aucune règle ni aucun article ne répond à \1",
    ),
    (
        rf"it isn.t about {_ANY}, which was asked, and nothing else answers it",
        r"es geht nicht um \1, wonach gefragt wurde, und sonst beantwortet es nichts",
        r"il ne s'agit pas de \1, qui a été demandé, et rien d'autre n'y répond",
    ),
    (rf"it is not sure whether {_ANY} applies", r"unsicher, ob \1 zutrifft", r"pas sûr que \1 s'applique"),
    (
        rf"it is not known whether {_ANY} is for this case",
        r"nicht bekannt, ob \1 für diesen Fall gilt",
        r"on ne sait pas si \1 vaut pour ce cas",
    ),
    (
        rf"{_ANY} is not for this case, and nothing else answers {_ANY}(?=; |$)",
        r"\1 gilt nicht für diesen Fall, und sonst beantwortet nichts \2",
        r"\1 ne vaut pas pour ce cas, et rien d'autre ne répond à \2",
    ),
    (rf"{_ANY} is not for this case", r"\1 gilt nicht für diesen Fall", r"\1 ne vaut pas pour ce cas"),
    (r"asked three times for ", "dreimal gefragt: ", "demandé trois fois : "),
    (
        r"asked what it is about, and still don.t know",
        "nachgefragt, worum es geht, und noch immer unklar",
        "demandé de quoi il s'agit, sans en savoir plus",
    ),
    (r"\bdegree (\d) of (\d)", r"Stufe \1 von \2", r"degré \1 sur \2"),
    (r"\bover the conversation\b", "im Lauf des Gesprächs", "au fil de la conversation"),
    (r"\bthe message says so\b", "die Nachricht sagt es", "le message le dit"),
    (r"(\d+) guides wait for answers", r"\1 Regeln warten auf Antwort", r"\1 règles attendent une réponse"),
    (
        rf"{_ANY} asked for {_ANY}, and the answer is a picture",
        r"\1 fragte nach \2, und die Antwort ist ein Bild",
        r"\1 demandait \2, et la réponse est une image",
    ),
    (rf"there is nothing to pick {_ANY} from", r"es gibt nichts zur Auswahl: \1", r"il n'y a rien à choisir : \1"),
    (
        r"(\d+) answers to the confirmation were neither yes nor no",
        r"\1 Antworten auf die Rückfrage waren weder Ja noch Nein",
        r"\1 réponses à la confirmation n'étaient ni oui ni non",
    ),
    (
        rf"{_ANY} has run as often as it may for this customer",
        r"\1 lief so oft, wie es für diese Kundschaft darf",
        r"\1 a servi autant de fois que permis pour cette personne",
    ),
    (
        r"guidance asks for the shopping assistant, and the shop has none",
        "eine Regel verlangt die Kaufberatung, und der Laden hat keine",
        "une règle demande l'assistant d'achat, et la boutique n'en a pas",
    ),
    (r"no article says anything of it", "kein Artikel sagt etwas dazu", "aucun article n'en parle"),
    (
        r"more requests than can be taken in turn",
        "mehr Anliegen, als nacheinander aufgenommen werden können",
        "plus de demandes qu'on ne peut en prendre à la suite",
    ),
    (r"\balready done: ", "schon geschehen: ", "déjà fait : "),
    (r"\bnot taken up yet: ", "noch nicht aufgenommen: ", "pas encore pris : "),
    (r"\bundone by ", "rückgängig durch ", "s'annule par "),
    (r"\bnothing was done before it\b", "davor ist nichts geschehen", "rien n'a été fait avant"),
    (
        r"done before the agent broke off, and the customer was not told: ",
        "geschehen, bevor der Agent abbrach, und nicht mitgeteilt: ",
        "fait avant l'arrêt de l'agent, sans le dire : ",
    ),
    (r"(?<=\w) failed: ", " fehlgeschlagen: ", " a échoué : "),
    (r"(?<=\w) refused: ", " abgelehnt: ", " refusé : "),
    (r"(?<=\w) uncertain: ", " ungewiss: ", " incertain : "),
    (
        rf"nothing in the catalog fits {_ANY}(?=; |$)",
        r"nichts im Katalog passt zu \1",
        r"rien au catalogue ne convient à \1",
    ),
    (rf"nothing is like {_ANY}(?=; |$)", r"nichts ist wie \1", r"rien ne ressemble à \1"),
    (
        rf"nothing that the shop says of {_ANY} answers {_ANY}(?=; |$)",
        r"was der Laden über \1 sagt, beantwortet nicht \2",
        r"ce que la boutique dit de \1 ne répond pas à \2",
    ),
    (rf"{_ANY} names no size chart", r"\1 nennt keine Größentabelle", r"\1 ne nomme aucun tableau de tailles"),
    (
        rf"the measures given lie outside the chart of {_ANY}(?=; |$)",
        r"die Maße liegen außerhalb der Tabelle von \1",
        r"les mesures sortent du tableau de \1",
    ),
    (rf"covers for {_ANY}, which is away", r"vertritt \1, das nicht da ist", r"remplace \1, qui est absent"),
    (r"there is no team ", "es gibt kein Team ", "il n'y a pas d'équipe "),
    (r"no time could be named: ", "keine Zeit zu nennen: ", "aucune heure à donner : "),
)
_READ: Final = tuple((re.compile(english), {"de": german, "fr": french}) for english, german, french in _PHRASES)


def why_in(tongue: str, why: str) -> str:
    """What the engine said of a hand-over, in a note's language.

    Args:
        tongue: `en`, `de` or `fr`.
        why: As the engine told it, in one line.
    """
    if tongue == "en":
        return why
    for shape, words in _READ:
        why = shape.sub(words[tongue], why)
    return why.replace(" beantwortet it", " beantwortet es").replace("ne répond à it", "n'y répond")


def in_quotes_of(tongue: str, text: str) -> str:
    """A text of the note with the quotation marks of its language, where they take as much room: „so“ in German.

    Args:
        tongue: ISO 639 code.
        text: With “these”; what others wrote holds neither.
    """
    before, behind = quotation_marks(tongue)
    return text.translate(str.maketrans("“”", before + behind)) if len(before) == len(behind) == 1 else text
