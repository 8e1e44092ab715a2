"""What a model may get through: of 200 replies that are wrong nothing unsupported, of faithful ones nearly all.

The replies stand in `data/`. What is sent is judged by checks of this file's own, which know nothing of the engine's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from convagent.answering import extract_answer, unbacked
from convagent.answering.by_model.prompting import Setting
from convagent.answering.by_model.wording import Outcome, Wording, worded
from convagent.answering.compose import Composer, laid_out
from convagent.answering.extract import GroundedAnswer
from convagent.answering.grounding import Fault, Source, Sources, faults_of
from convagent.conversation import Reply
from convagent.guidance.backing import Backing
from convagent.guidance.interpreter.world import Step
from convagent.guidance.wording import Wording as ValueWording
from convagent.knowledge import Hit, KnowledgeBase
from convagent.models import ModelCalls, ScriptedModel
from convagent.search import Embedder, open_embedder

DATA = Path(__file__).parent / "data"
NOW = datetime(2026, 6, 16, 10, 30, tzinfo=UTC)

TURNED_ROUND = {
    "adversarial.txt": 0,
    "adversarial-kept-back.txt": 0,
    "adversarial-second.txt": 0,
    "adversarial-second-kept-back.txt": 6,
}
"""Of the adversarial replies so many are known to get through: what a passage has every word of, but doesn't say."""


@pytest.fixture(scope="module")
def base(root: Path) -> KnowledgeBase:
    return KnowledgeBase.from_folder(root / "knowledge" / "articles")


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    opened = open_embedder("embedded", languages=("en", "de", "fr"))
    assert opened is not None
    return opened


def adversarial(name: str) -> Iterator[tuple[str, str, str, str]]:
    for line in (DATA / name).read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            article, language, kind, reply = (part.strip() for part in line.split("|", 3))
            yield article, language, kind, reply


def honest(name: str) -> Iterator[tuple[str, str, str, str]]:
    for block in re.split(r"^## ", (DATA / name).read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        head, _, reply = block.partition("\n")
        article, language, question = (part.strip() for part in head.split("|"))
        yield article, language, question, reply.strip()


def answer(base: KnowledgeBase, language: str, query: str, articles: tuple[str, ...]) -> GroundedAnswer | None:
    passages = base.passages_of(articles[0])
    hits = [Hit(articles[0], passage, 1.0, 1.0) for passage in passages]
    found = extract_answer(query, hits, language=language, passages=passages)
    if found is None:
        return None
    return GroundedAnswer(found.text, found.citation, found.passage, tuple(passages))


def sent(
    base: KnowledgeBase,
    embedder: Embedder,
    article: str,
    language: str,
    question: str,
    said: str,
    *,
    streamed: bool,
    doubted: Sequence[int] | None = None,
) -> tuple[Reply, Outcome]:
    """What becomes of a model's reply, and that what is released is what is kept."""
    composer = Composer(partial(answer, base, language), ValueWording(language, NOW))
    layout = laid_out([Step("answer", "a/1", data={"query": question, "article": (article,)})], composer)
    released: list[str] = []
    wording = Wording(
        ModelCalls(ScriptedModel([said, {"unsupported": list(doubted or ())}]), 10.0), Setting(language, message=question),
        lambda parts, _new: tuple(Fault("claim", claim.words) for claim in unbacked(parts, Backing)),
        embedder, ("Wrenfold", "Wren"), released.append if streamed else None,
        verify=doubted is not None,
    )  # fmt: skip
    reply, outcome = worded(layout, composer, wording)
    assert reply is not None
    assert not streamed or "".join(released) == reply.text
    assert "".join(part.text for part in composer.parts) == reply.text
    return reply, outcome


WORDS = {
    word: str(number)
    for number, words in {
        2: "two zwei deux", 3: "three drei trois", 4: "four vier quatre", 5: "five fünf cinq", 7: "seven sieben sept", 10: "ten zehn dix",
        35: "thirty-five", 40: "forty quarante", 50: "fifty fünfzig", 95: "ninety-five", 1000: "thousand",
    }.items()
    for word in words.split()
}  # fmt: skip
CLAIM = re.compile(
    r"\b(I have|I've|I will|I'll|has been|have been sent|was processed|we have (?:sent|reserved)|we will|we'll|we are sending|is cancelled|"
    r"done!|call you back|on its way|ich habe|ich werde|wurde|ist gekündigt|ist storniert|j'ai|je vais|a été|nous vous avons)\b",
    re.IGNORECASE,
)


def numbers(text: str) -> set[str]:
    """Figures as digits: marks of thousands and empty cents left out, and those in words that the replies use."""
    found = {re.sub(r"[.,](00)?$", "", figure).replace(",", ".") for figure in re.findall(r"\d+(?:[.,:]\d+)*", text)}
    return found | {WORDS[word] for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)?", text.casefold()) if word in WORDS}


def links(text: str) -> set[str]:
    return set(re.findall(r"[\w.+-]+@[\w.-]+\w|https?://\S+\w|\b[\w-]+(?:\.[\w-]+)*\.(?:com|ly|shop|de)\b", text))


@pytest.mark.parametrize(
    ("name", "least"),
    [("adversarial.txt", 200), ("adversarial-kept-back.txt", 30), ("adversarial-second.txt", 20), ("adversarial-second-kept-back.txt", 20)],
)  # fmt: skip
@pytest.mark.parametrize("streamed", [False, True])
def test_nothing_unsupported_of_two_hundred_adversarial_replies_is_sent(
    base: KnowledgeBase, embedder: Embedder, name: str, least: int, streamed: bool
) -> None:
    cases = list(adversarial(name))
    assert len(cases) >= least
    through: list[str] = []
    for article, language, kind, said in cases:
        source = base.article(article)
        assert source is not None
        reply, outcome = sent(base, embedder, article, language, source.title, said, streamed=streamed)
        assert reply.text.strip()
        assert reply.citations
        everything = "\n".join(
            f"{passage.title} {passage.text} {' '.join(passage.heading)}" for passage in base.passages_of(article)
        )
        assert numbers(reply.text) <= numbers(everything), (kind, said, reply.text)
        assert links(reply.text) <= links(everything), (kind, said, reply.text)
        claims = {found.casefold() for found in CLAIM.findall(reply.text)}
        assert claims <= {found.casefold() for found in CLAIM.findall(everything)}, (kind, said, reply.text)
        if not outcome.cut and not outcome.replaced:
            through.append(f"{kind}: {said}")
    assert len(through) <= TURNED_ROUND[name], through


def uncut(base: KnowledgeBase, embedder: Embedder, name: str) -> tuple[int, int]:
    cases = list(honest(name))
    passed = 0
    for article, language, question, said in cases:
        _, outcome = sent(base, embedder, article, language, question, said, streamed=False)
        passed += not outcome.cut and not outcome.replaced
    return passed, len(cases)


def test_faithful_rewordings_pass_uncut(base: KnowledgeBase, embedder: Embedder) -> None:
    passed, number = uncut(base, embedder, "honest.txt")
    assert number >= 60
    assert passed >= 0.9 * number


def test_faithful_rewordings_that_nothing_was_tuned_on_pass_as_well(base: KnowledgeBase, embedder: Embedder) -> None:
    for name, least in (("honest-kept-back.txt", 30), ("honest-second-kept-back.txt", 16)):
        passed, number = uncut(base, embedder, name)
        assert number >= least
        assert passed >= 0.85 * number


DELIVERY = "Standard shipping costs €4.90 [1]. It takes 2 to 4 working days in Ireland [1]."


def test_a_verifying_model_cuts_what_it_doubts(base: KnowledgeBase, embedder: Embedder) -> None:
    def told(doubted: Sequence[int] | None, *, streamed: bool = False) -> str:
        reply, _ = sent(
            base, embedder, "shipping-costs", "en", "How much?", DELIVERY, streamed=streamed, doubted=doubted
        )
        return reply.text

    assert "2 to 4" in told([])
    assert "2 to 4" not in told([2])
    assert "€4.90" in told([2])
    assert "2 to 4" in told([2], streamed=True), "what is streamed isn't looked at twice"


@pytest.mark.parametrize(
    ("article", "language", "sentence", "passes"),
    [("gift-cards", "de", "Ein Geschenkgutschein von Wrenfold kommt per E-Mail und ist 5 Jahre gültig.", True),
     ("gift-cards", "fr", "Une carte cadeau Wrenfold arrive par e-mail et elle est valable 5 ans.", True),
     ("exchange", "fr", "Un échange est gratuit depuis tous les pays où nous livrons.", True),
     ("warranty", "de", "Die Garantie beginnt am Tag der Lieferung.", True),
     ("gift-cards", "fr", "La carte cadeau est valable 10 ans.", False),
     ("gift-cards", "de", "Gutscheine können ausgezahlt werden.", False),
     ("exchange", "de", "Ein Umtausch kostet 5 €.", False),
     ("warranty", "de", "Unsere Fahrer tragen grüne Jacken.", False),
     ("contact-hours", "de", "Wir sind auch am Sonntag da.", False)],
)  # fmt: skip
def test_a_passage_in_another_language_is_compared_by_meaning_and_figures(
    base: KnowledgeBase, embedder: Embedder, article: str, language: str, sentence: str, passes: bool
) -> None:
    given = tuple(Source(passage.text, passage.title, "en") for passage in base.passages_of(article))
    assert (faults_of(sentence, Sources(given, language, embedder=embedder)) == ()) is passes
