"""The parts of a message that may hold separate requests."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from convagent.understanding.mail import own_words
from convagent.understanding.own_names import NO_NAMES, OwnNames

__all__ = ["Segment", "SplitMessage", "is_greeting", "split_requests"]

Boundary = Literal["start", "sentence", "line", "item", "joiner"]


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a message.

    Attributes:
        text: The words, exactly as written.
        start: Where they begin in the message.
        end: Where they end, exclusive.
        boundary: What sets it off from the part before: nothing (`start`), the end of a sentence, a new line, a list
            item, or a joiner such as "and also". The last two nearly always begin a request of their own.
    """

    text: str
    start: int
    end: int
    boundary: Boundary


@dataclass(frozen=True, slots=True)
class SplitMessage:
    """A message in parts.

    Attributes:
        parts: The parts in order, greetings and pleasantries left out; never empty unless the message is blank.
        text: The customer's own words of this message, without quoted history and signature.
        note: What was left unread, for the trace; empty when everything was read.
    """

    parts: tuple[Segment, ...]
    text: str
    note: str = ""

    @property
    def segments(self) -> tuple[str, ...]:
        """The words of the parts."""
        return tuple(part.text for part in self.parts)


_SENTENCE_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s|$)|[。！？]+")
_NEVER_ENDS = re.compile(
    r"(?:\b(?:e\.g|i\.e|approx|incl|excl|art|mr|mrs|ms|dr|prof|st|vs|tel|ca|bzw|z\.\s?b|d\.\s?h|u\.\s?a|ggf|inkl|zzgl"
    r"|evtl|str|hr|fr|mme|mlle|env|p\.\s?ex|cf|ref|réf)|(?<!\w)(?-i:[A-KN-RT-WYZ]))\.$",
    re.IGNORECASE,
)
_BEFORE_FIGURES = re.compile(
    r"\b(?:nos?|nr|jan|feb|mar|apr|jun|jul|aug|sept?|oct|okt|nov|dec|dez|janv|févr|juil|déc)\.$", re.IGNORECASE
)
_GERMAN_ORDINAL = re.compile(
    r"(?<!\w)\d{1,2}\.(?=\s?(?:jan|feb|mär|apr|mai|jun|jul|aug|sep|okt|nov|dez|\d{1,2}\.|klasse|lieferung|rate))",
    re.IGNORECASE,
)
_ITEM = re.compile(r"^\s*(?:[-*•‣–—]|\(?\d{1,2}[.)]|\(?[a-h]\))\s+")
_INLINE_ITEM = re.compile(r"(?:(?<=\s)|^)\(?([1-9])\)\s+(?=\S)")
_WRAPPED = 60  # a line longer than this was probably broken by a mail program
_OPENERS = (
    r"(?!(?:have|do) (?:it|my|the|this|that|your)\b)"  # "and have it by Friday" goes on
    r"(?:can|could|may|would|will|do|does|did|are|is|am|have|has) (?:i|you|we|it|they|there|my|the|this|that|your)\b"
    r"|(?:when|where|why|who) (?:will|do|does|did|is|are|can|could|was|were|should|would)\b"
    r"|where's\b|what's\b|when's\b|how's\b"
    r"|what (?:is|are|about|does|do|if|happens)\b|how (?:do|does|can|could|much|many|long|soon|big|is|are|about)\b"
    r"|(?:please|bitte) \w+|kann (?:ich|man)\b|können sie\b|könn(?:t|te|ten) (?:ihr|ich|sie)\b"
    r"|(?:wann|wo|wie|warum|wieso) (?:kommt|ist|sind|wird|werden|kann|lange|viel|teuer|bekomme|geht|hoch)\b"
    r"|was (?:ist|kostet|kosten|passiert|mache)\b|gibt es\b|puis-je\b|pouvez-vous\b|peut-on\b|est-ce que?\b|est-il\b"
    r"|(?:quand|où|comment|pourquoi|combien) (?:est|sera|arrive|puis|peut|dois|coûte|ça|de temps)\b|quel(?:le)? est\b"
)
_AND_QUESTION = re.compile(rf"[,;]?\s+(?:and|und|et|or|oder|ou)\s+(?={_OPENERS})", re.IGNORECASE)
_JOINER = re.compile(
    r"(?:(?:^|(?<=[.,;!?…\n–—-]))\s*|\s+(?=(?:and|oh|und|et|ah)\b|btw\b|by the way\b|another thing\b|one more thing\b"
    r"|übrigens\b|au fait\b|but (?:first|before that)\b|aber (?:zuerst|vorher|erst)\b|mais (?:d['’]abord|avant ça|avant cela)\b))"
    r"(?:and|oh|und|et|ah)?,?\s*\b(?:but first|but before that|aber zuerst|aber vorher|aber erst|mais d['’]abord|mais avant ça"
    r"|mais avant cela|also|another thing|one more thing|something else|btw"
    r"|by the way|additionally|on another note|secondly|in addition|separately|besides that"
    r"|außerdem|ausserdem|noch etwas|noch was|noch eine frage|übrigens|zudem|zusätzlich|des weiteren|auch noch"
    r"|aussi|autre chose|au fait|par ailleurs|de plus|en outre|deuxièmement)\b\s*[:,–—-]?\s*",
    re.IGNORECASE,
)
_NEW_TOPIC = re.compile(
    r"\b(?:btw|by the way|(?:another|one more) thing|on another note|something else|separately|übrigens|noch etwas"
    r"|noch eine frage|au fait|autre chose)\b",
    re.IGNORECASE,
)
# After any other joiner, what follows must be able to stand alone: "and also the mug" belongs to what was asked before.
_CLAUSE = re.compile(
    rf"(?:{_OPENERS}|(?:i|i'm|i'd|i've|i'll|we|we're|we'd|ich|wir|je|j'|nous|on)\b.{{0,40}}\w"
    r"|(?:möchte|will|wollte|würde|brauche|habe|hätte|kann|könnte|muss|bin) (?:ich|wir)\b"
    r"|(?:want|need|cancel|return|refund|change|send|track|update|exchange|tell|let|add|remove|check|resend|ship|stop)\b"
    r"|(?:the|my|your|this|that|it|there|one of|mein|meine|der|die|das|es|le|la|les|mon|ma|mes|il)\b.{0,60}?\b(?:is|are|was"
    r"|were|has|have|had|hasn't|haven't|isn't|aren't|wasn't|didn't|doesn't|don't|won't|can't|never|came|arrived|broke"
    r"|need|needs|seems|looks|ist|sind|war|hat|haben|wurde|fehlt|kam|funktioniert|est|sont|était|a|ont|n'est|n'a|manque)\b"
    r"|(?:what|how|where|when|why|which|who|was|wie|wo|wann|warum|welche|que|quel|où|quand|comment|combien)\b.{2})",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"^\s*(?:(?:hi|hey|hello|helo|hiya|howdy|greetings|good (?:morning|afternoon|evening|day)|dear|hallo|hi|moin|servus"
    r"|guten (?:tag|morgen|abend)|grüß gott|liebes?|lieber|sehr geehrte[rs]?|bonjour|bonsoir|salut|coucou|chère?|madame"
    r"|monsieur)\b)(?:[ ,]{1,2}(?:there|all|team|everyone|folks|again|sir|madam|or|zusammen|team|damen|herren|herr|frau"
    r"|und|à|tous|toutes|l'équipe|équipe|madame|monsieur|et|agentname|shopname|support|customer (?:service|care|support)))*"
    r"(?:\s+[A-ZÀ-Ý][\w'’-]{1,20}){0,3}\s*(?:[,!.:;–—-]+|\n|$)\s*",
    re.IGNORECASE,
)
_BARE_GREETING = re.compile(
    r"^\s*(?:hi|hey|hello|hiya|hallo|moin|bonjour|bonsoir|salut|good (?:morning|afternoon|evening)|guten (?:tag|morgen"
    r"|abend))(?: there| team| all| zusammen)?\s+(?=\S)",
    re.IGNORECASE,
)
_PLEASANTRY = re.compile(
    r"^\W*(?:(?:i |we )?(?:really )?hope (?:that )?(?:you(?:'re| are)?|this (?:e-?mail|message|finds)|all is|everyone)\b.{0,60}"
    r"|(?:hope|hoping) (?:you|this|all)\b.{0,60}|how are you(?: doing)?(?: today)?"
    r"|(?:many |kind |with )?(?:thanks?|thank you|thx|cheers|ty)\b(?: (?:you|so much|very much|a lot|a million|again|in advance"
    r"|for (?:your|the|any|all your) (?:help|time|support|assistance|quick reply|quick response|patience)"
    r"|for (?:reading|helping|the help)|and (?:best|kind) regards|team|agentname|shopname|all|guys))*"
    r"|(?:have|wish(?:ing)? you) a (?:nice|good|great|lovely) (?:day|evening|weekend|week|one).{0,20}"
    r"|(?:i )?(?:look|looking) forward to (?:your|hearing|a) .{0,40}"
    r"|(?:best|kind|warm) (?:regards|wishes)|regards|sincerely"
    r"|ich hoffe,? (?:es geht|ihnen geht|euch geht|dir geht)\b.{0,40}|wie geht(?:'s| es)(?: ihnen| euch| dir)?"
    r"|(?:vielen|herzlichen|besten|lieben) dank(?: (?:im voraus|für (?:ihre|eure|die) (?:hilfe|mühe|unterstützung)))?"
    r"|danke(?: (?:schön|sehr|dir|euch|ihnen|im voraus|für (?:ihre|eure|die) hilfe))*"
    r"|(?:viele|liebe|beste|schöne) grüße|mit freundlichen grüßen|(?:einen )?schönen tag(?: noch)?"
    r"|j'espère que (?:vous allez|tout va|tu vas)\b.{0,40}|comment (?:allez-vous|ça va)|ça va"
    r"|merci(?: (?:beaucoup|bien|d'avance|infiniment|pour votre (?:aide|retour|réponse)))*|bonne (?:journée|soirée)"
    r"|(?:bien )?cordialement|dans l'attente de votre .{0,30})"
    r"(?:[,!.]? (?-i:[A-ZÀ-Ý])[\w'’-]{1,20}){0,2}\W*$",
    re.IGNORECASE,
)
_QUOTED_TITLE = re.compile(r"\"[^\"\n]{1,120}\"|“[^”\n]{1,120}”|„[^“”\n]{1,120}[“”]|«[^»\n]{1,120}»")
_MOST_PARTS = 40
_SHORT = 1_000
"""Characters of a text whose parts are remembered: several parts of the engine ask for those of one message."""


def split_requests(text: str, *, limit: int = 8_000, names: OwnNames = NO_NAMES) -> SplitMessage:
    """Split a message into parts, one request each where that can be told from the words.

    Numbers, e-mail addresses, links and titles in quotation marks stay whole. A part may be mere context ("It came
    yesterday."): which parts are requests is for the caller to find out.

    Args:
        text: The message, plain text.
        limit: Characters that are read; the cut falls on a blank.
        names: What the shop and its agent are called: "thanks, Robin" is no request.

    Returns:
        The parts. A message of nothing but a greeting is one part.
    """
    if len(text) <= _SHORT:
        return _remembered(text, limit, names)
    return _split(text, limit, names)


@lru_cache(maxsize=256)
def _remembered(text: str, limit: int, names: OwnNames) -> SplitMessage:
    return _split(text, limit, names)


def _split(text: str, limit: int, names: OwnNames) -> SplitMessage:
    read, note = _cut(text, limit)
    spans = own_words(read)
    parts: list[Segment] = []
    for start, end in spans:
        parts += _split_span(read, start, end)
    useful = [part for part in parts if _has_words(part.text) and not _PLEASANTRY.match(names(part.text))]
    if not useful:
        useful = [Segment(read[start:end], start, end, "start") for start, end in spans[:1]]
    if len(useful) > _MOST_PARTS:
        note = (note + "; " if note else "") + f"{len(useful)} parts, the first {_MOST_PARTS} kept"
        useful = useful[:_MOST_PARTS]
    first = useful[:1]
    opened = [Segment(part.text, part.start, part.end, "start") for part in first]
    return SplitMessage(tuple(opened + useful[1:]), "\n".join(read[start:end] for start, end in spans), note)


def is_greeting(text: str) -> bool:
    """Whether a message greets, kindly perhaps, and says nothing else."""
    words = text.strip()
    if len(words) > 200:
        return False
    greeting = _GREETING.match(words) or _BARE_GREETING.match(words)
    if greeting is None:
        return False
    rest = words[greeting.end() :]
    return not _has_words(rest) or all(
        _PLEASANTRY.match(part) is not None for part in re.split(r"(?<=[.!?])\s+", rest) if _has_words(part)
    )


def _cut(text: str, limit: int) -> tuple[str, str]:
    if len(text) <= limit:
        return text, ""
    blank = max(text.rfind(" ", 0, limit), text.rfind("\n", 0, limit))
    end = blank if blank > limit // 2 else limit
    return text[:end], f"{len(text)} characters, the first {end} read"


def _split_span(text: str, start: int, end: int) -> list[Segment]:
    greeting = _GREETING.match(text[start : min(end, start + 120)]) or _BARE_GREETING.match(text[start : start + 60])
    at = start + greeting.end() if greeting and start + greeting.end() < end else start
    part = text[at:end]
    shielded = [found.span() for found in _QUOTED_TITLE.finditer(part)]
    cuts: dict[int, tuple[int, Boundary]] = {}
    _line_cuts(part, cuts)
    for found in _SENTENCE_END.finditer(part):
        if found.group().startswith(".") and len(found.group()) == 1 and _is_abbreviation(part, found.end()):
            continue
        cuts.setdefault(found.end(), (found.end(), "sentence"))
    marks: tuple[tuple[re.Pattern[str], Boundary], ...] = ((_AND_QUESTION, "joiner"), (_INLINE_ITEM, "item"))
    for pattern, boundary in marks:
        for found in pattern.finditer(part):
            cuts[found.start()] = (found.end(), boundary)
    for found in _JOINER.finditer(part):
        if _NEW_TOPIC.search(found.group()) or _CLAUSE.match(part, found.end()):
            cuts[found.start()] = (found.end(), "joiner")
    inside = {place: cut for place, cut in cuts.items() if not any(low < place < high for low, high in shielded)}
    return _assemble(text, at, end, inside)


def _line_cuts(part: str, cuts: dict[int, tuple[int, Boundary]]) -> None:
    """New lines that set parts off: blank lines, list items, and short lines, which a person ended on purpose."""
    start = 0
    lines = part.splitlines(keepends=True)
    for number, line in enumerate(lines):
        item = _ITEM.match(line)
        if item and item.end() < len(line.rstrip()):
            cuts[start] = (start + item.end(), "item")
        elif number:
            before = lines[number - 1].strip()
            if not before or len(before) <= _WRAPPED:
                cuts[start] = (start, "line")
        start += len(line)


def _is_abbreviation(part: str, end: int) -> bool:
    """Whether the full stop before `end` belongs to an abbreviation, an initial, or a date such as "3. Mai"."""
    after = part[end : end + 3].lstrip()
    if not after:
        return False
    begin = max(0, end - 12)
    if _NEVER_ENDS.search(part, begin, end):
        return True
    if _GERMAN_ORDINAL.search(part, max(0, end - 3), min(len(part), end + 12)):
        return True
    return bool(_BEFORE_FIGURES.search(part, begin, end)) and (after[0].isdigit() or after[0] == "#")


def _assemble(text: str, start: int, end: int, cuts: dict[int, tuple[int, Boundary]]) -> list[Segment]:
    out: list[Segment] = []
    begin = 0
    kind: Boundary = "start"
    for place in sorted(cuts):
        if place < begin:
            continue
        _add(out, text, start + begin, start + place, kind)
        begin, kind = cuts[place]
    _add(out, text, start + begin, end, kind)
    return out


def _add(out: list[Segment], text: str, start: int, end: int, boundary: Boundary) -> None:
    part = text[start:end]
    start += len(part) - len(part.lstrip(" \t\r\n,;:-–—"))
    end = start + len(text[start:end].rstrip(" \t\r\n,;"))
    if end > start:
        out.append(Segment(text[start:end], start, end, boundary))


def _has_words(text: str) -> bool:
    return any(char.isalnum() for char in text)
