"""G5: how texts read, what titles say, how many examples there are."""

from __future__ import annotations

import re

from convagent.guidance.checks.name_types import NEGATIONS
from convagent.guidance.checks.report import CheckSettings, GuideReport
from convagent.guidance.checks.shop_index import Outline
from convagent.guidance.checks.survey import Survey, TextUse
from convagent.guidance.language.marks import filled_with, words_of
from convagent.guidance.word_forms import BREAK

__all__ = ["check_style"]

_FILLER = (
    "unfortunately", "at this time", "at this point in time", "please be advised", "please note that", "kindly",
    "do not hesitate", "don't hesitate", "as an ai", "as a language model", "we apologi[sz]e for any inconvenience",
    "sorry for any inconvenience", "at your earliest convenience", "in order to", "process your request", "rest assured",
    "we appreciate your patience", "thank you for your patience", "your call is important", "valued customer",
    "leider müssen wir ihnen mitteilen", "zum jetzigen zeitpunkt", "zögern sie nicht", "wir bitten um ihr verständnis",
    "entschuldigen sie die unannehmlichkeiten", "wir entschuldigen uns für etwaige unannehmlichkeiten", "selbstverständlich",
    "malheureusement", "n'hésitez pas", "veuillez noter que", "nous vous prions de bien vouloir",
    "veuillez nous excuser pour la gêne occasionnée", "dans les plus brefs délais",
)  # fmt: skip
_FILLERS = re.compile(
    r"(?<!\w)(?:" + "|".join(words.replace(" ", r"\s+") for words in _FILLER) + r")(?!\w)", re.IGNORECASE
)
_LOUD = re.compile(r"!\s?!|!\?|\?!")
_UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|TBD|TBC)\b|lorem ipsum")
_SENTENCES = re.compile(r"[.!?:;]+\s+|\n")
_NEXT_STEP = re.compile(
    r"\?|https?://|\b(?:you\s+(?:can|may|could|have|get|choose)|you['’]ll|let(?:s)?\s+(?:me|us|you)|(?:ask|tell|write\s+to)\s+(?:me|us)|"
    r"(?:i|we)\s+(?:can|book|help|put|send|look)|please|instead|contact|reach|reply|try|until|"
    r"(?:if|when|once|as\s+soon\s+as|from)\s+(?:you|it|the|your|there|then)\w*|"
    r"sie\s+können|du\s+kannst|bitte|stattdessen|wenn\s+sie|wenn\s+du|sobald|bis\s+zum|melden|schreiben\s+sie|fragen\s+sie|"
    r"vous\s+pouvez|veuillez|à\s+la\s+place|si\s+vous|dès\s+que|contactez|écrivez|répondez|demandez)\b"
    r"|(?:^|[.:;!]\s+)(?:open|write|ask|tell|call|choose|look|use|send|check|visit|pick|take|follow)\b",
    re.IGNORECASE,
)
_SHOWS_CHOICES = re.compile(r"\|\s*(?:list|lines)\b")
_LOUD_COUNT = 3


def check_style(report: GuideReport, outline: Outline, survey: Survey, settings: CheckSettings) -> None:
    """The style of one guide."""
    for use in survey.texts:
        _text(report, use, settings)
    guide = outline.guide
    _title(report, outline)
    if guide.when is not None:
        count = sum(not example.negative for example in guide.when.examples)
        if count < settings.min_examples:
            report.find(
                "G507", guide.when.span, f"{count or 'no'} example{'s' if count != 1 else ''} of what a customer would write",
                f"Give at least {settings.min_examples}, in words that customers use, each different from the others.",
            )  # fmt: skip
    for name, span in outline.declared.items():
        if name.startswith(NEGATIONS):
            positive = name.partition("_")[2]
            report.find(
                "G508", span, f"`{name}` is the name of a negation: `not {name}` is hard to read",
                f"Name what is there: `{positive}`, and write `not {positive}`.",
            )  # fmt: skip


def _title(report: GuideReport, outline: Outline) -> None:
    guide = outline.guide
    title = guide.title
    if guide.when is not None and len(title.split()) == 1:
        report.find(
            "G505", guide.span, f"the title “{title}” doesn't say what the customer wants",
            "Say it in a few words: `# Return items`. The agent shows titles when two are too close to tell apart.",
        )  # fmt: skip
    elif title.isupper() and len(title) > 4:
        report.find("G505", guide.span, "the title shouts", f"Write `# {title.capitalize()}`.")
    if _UNFINISHED.search(title):
        report.find(
            "G509", guide.span, "the title is not finished", "Finish it; remarks for authors are `Note:` lines."
        )


def _text(report: GuideReport, use: TextUse, settings: CheckSettings) -> None:
    span = use.text.span
    words = words_of(use.text.template)
    if len(words) > settings.max_text_characters:
        report.find(
            "G501", span, f"the text has {len(words):,} characters; customers read the first {settings.max_text_characters:,}",
            "Say less, ask first, or answer from an article.",
        )  # fmt: skip
    if words.count(" ") >= settings.max_sentence_words:
        longest = max(len(sentence.split()) for sentence in _SENTENCES.split(words))
        if longest > settings.max_sentence_words:
            report.find("G502", span, f"a sentence of {longest} words", "Make two or three sentences of it.")
    if found := _FILLERS.search(words):
        report.find("G503", span, f"“{found[0]}” says nothing", "Leave it out.")
    if "!" in words and (_LOUD.search(words) or words.count("!") >= _LOUD_COUNT):
        report.find("G504", span, "exclamation marks in a row", "One is enough, most often none.")
    if found := _UNFINISHED.search(words):
        report.find("G509", span, f"“{found[0]}”: the text is not finished", "Finish it before customers read it.")
    if settings.voice is not None:
        for fault in settings.voice(filled_with(use.text.template, f" {BREAK} ")):
            report.find(fault.code, span, fault.message, fault.remedy)
    if (
        use.role == "refuse"
        and words.strip()
        and not (_NEXT_STEP.search(words) or _SHOWS_CHOICES.search(use.text.template))
    ):
        report.find(
            "G506", span, "the refusal doesn't say what the customer can do now",
            "Add what is possible instead, or whom to ask.",
        )  # fmt: skip
