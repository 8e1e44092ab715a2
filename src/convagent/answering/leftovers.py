"""What never stands in a text for customers: marks of a prompt, a model's talk of itself, placeholders, markup, roles."""

from __future__ import annotations

import re
from collections.abc import Iterable

from convagent.privacy.placeholders import marks_in

__all__ = ["leftovers_in"]

_LEFTOVERS = re.compile(
    r"<\|[^>\n]{0,60}\|?>|\[/?(?:INST|SYS|SYSTEM_PROMPT|TOOL_CALLS)\]|<</?SYS>>|</?[a-zA-Z!][^<>\n]{0,200}>|"
    r"‹/?[\w' ]{1,60}>"
    r"|```|~~~|#{2,}|^\s{0,3}#{1,6}\s|^\s*>{1,3}\s|!\[|\]\(|^\s*(?:\||[-=_*]{3,}\s*$)"
    r"|^\W{0,4}(?:system|assistant|user|human|customer|developer|tool|function|kunde|benutzer|nutzer|utilisateur|"
    r"client|réponse|"
    r"antwort|answer|reply|output|note to (?:self|agent)|internal(?: note)?)\s*:"
    r"|\{\{|\}\}|\{%|\{[a-z_ ]+\}|\$\{|%\(\w+\)s|\[[A-Z][A-Z_ ]*(?:[_ ]?\d+)?\]|<[A-Z_]{3,}>"
    r"|\[(?:your|insert|customer|name|order|date|link|ihr|ihre|name des|votre|nom|numéro|xx+|…|\.\.\.)[^\]\n]{0,40}\]"
    r"|\bas an? (?:ai|a\.i\.|large language|language|artificial)\b|\blanguage model\b|\b(?:i am|"
    r"i'm) (?:just )?an? (?:ai|llm|bot) "
    r"(?:language )?model|\bsystem prompt\b|\bsystem message\b|\bprompt injection\b|\b(?:my|the|these|previous|"
    r"prior|above|initial) "
    r"instructions\b|\bignor(?:e|ing) (?:all|any|the|my|your|previous|prior)\b.{0,30}\b(?:instruction|rule|prompt)|"
    r"\bdeveloper mode\b|\bjailbr"
    r"|\b(?:openai|chatgpt|gpt-\d|anthropic|llama[- ]?\d|mistral|gemini pro|qwen)\b|\bi was (?:told|instructed|"
    r"asked) to\b"
    r"|\b(?:the|this|these|provided|given|above) (?:passages?|context|excerpts?|sources? (?:above|provided|given)|"
    r"documents? (?:above|provided))\b"
    r"|\bpassages? \[?\d|\bknowledge (?:base|cut-?off)\b|\btraining data\b|\b(?:function|tool) call\b"
    r"|\bals (?:ki|künstliche intelligenz|sprachmodell|ki-\w+)\b|\bsprachmodell\b|\bsystem-?(?:prompt|anweisung|"
    r"nachricht)\w*|"
    r"\b(?:meine[nr]?|vorherige[nr]?|obige[nr]?) anweisung\w*|\banweisungen (?:zu )?ignorier\w*|"
    r"\bignorier\w+ (?:sie )?(?:alle|die)\b.{0,30}anweisung"
    r"|\b(?:den|die|dem|der|obigen?|gegebenen?) (?:passagen?|textstellen?|auszügen?|kontext)\b"
    r"|\ben tant qu(?:'|e d')\s?(?:ia\b|intelligence|modèle|assistant ia)|\bmodèle de langage\b|\binvite système\b|"
    r"\bprompt système\b"
    r"|\b(?:mes|les) instructions (?:précédentes|système|initiales)|\bignor\w+ (?:toutes )?les (?:instructions|"
    r"consignes)"
    r"|\b(?:les|ces|le|ce) (?:passages?|extraits?|contexte) (?:fournis?|donnés?|ci-dessus|\[?\d)",
    re.IGNORECASE | re.MULTILINE,
)
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufffc\ufffd"
    "\U000e0000-\U000e0fff]"
)
_HEART = re.compile(r"<3")


def leftovers_in(text: str, sources: Iterable[str] = ()) -> tuple[str, ...]:
    """What stands in a text that comes from a prompt, a model's idea of itself, or markup; each once.

    Args:
        text: What is to be sent.
        sources: What it may rest on: "our AI language model" in an article is the article's.
    """
    found = [match[0].strip() for match in _LEFTOVERS.finditer(_HEART.sub(" ", text))]
    found += marks_in(text)
    if _UNSEEN.search(text):
        found.append("what can't be seen")
    if not found:
        return ()
    known = "\n".join(sources).casefold()
    return tuple(dict.fromkeys(words for words in found if not words or words.casefold() not in known))
