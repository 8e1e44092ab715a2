"""Counting tokens: exact where the vocabularies are installed, and a fair estimate where they aren't. Never a download."""

from __future__ import annotations

import importlib
import random
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.models import count_tokens
from convagent.models.tokens import counts_exactly, estimated_tokens

TEXTS = {
    "English": (
        ("Hello, I ordered the linen duvet cover last Tuesday and it still hasn't shipped. Could you please check whether the address is "
         "right and tell me when it will arrive? If it can't be delivered before Friday, I'd rather cancel and get my money back."),
        (0.95, 1.4),
    ),
    "German": (
        ("Guten Tag, ich habe letzte Woche die Bettwäsche aus Leinen bestellt und sie ist noch nicht verschickt worden. Könnten Sie bitte "
         "prüfen, ob die Lieferadresse stimmt? Andernfalls möchte ich von meinem Widerrufsrecht Gebrauch machen und die Rückerstattung."),
        (0.95, 1.4),
    ),
    "French": (
        ("Bonjour, j'ai commandé la housse de couette en lin mardi dernier et elle n'a toujours pas été expédiée. Pourriez-vous vérifier "
         "l'adresse de livraison et me dire quand elle arrivera ? Sinon, je préfère annuler et être remboursée."),
        (0.95, 1.5),
    ),
    "emoji": ("Thanks so much!! 😀😂🥰👍🏽 🎉🎉 love it ❤️❤️ 👨‍👩‍👧‍👦", (0.9, 2.6)),
    "code": ('def total(lines: list[Line]) -> Money:\n    """Sum."""\n    return sum((line.price * line.quantity for line in lines), Money(0))\n', (0.95, 1.8)),
    "JSON": ('{"guides": [{"label": "where is my order", "applies": true, "evidence": "still hasn\'t shipped"}], "language": "en"}', (0.95, 1.8)),
    "Chinese": ("请问我的订单什么时候到货？我上周买了一条蓝色的床单，到现在还没有发货。", (0.95, 2.0)),
    "Japanese": ("先週注文した商品がまだ届いていません。いつ届きますか？キャンセルはできますか。", (0.95, 2.0)),
    "Korean": ("지난주에 주문한 상품이 아직 도착하지 않았습니다. 언제 도착하나요?", (0.95, 2.2)),
    "Russian": ("Здравствуйте, где мой заказ? Я заказала постельное бельё неделю назад, и оно ещё не пришло.", (0.95, 2.2)),
    "Arabic": ("أين طلبي؟ لقد طلبت منذ أسبوع ولم يصل بعد. أريد استرداد المال.", (0.95, 2.2)),
    "numbers": ("#1042, 1Z999AA10123456784, 12.08.2026, € 1.299,00, +49 30 1234567", (0.85, 1.6)),
    "a table": ("| Size | Width | Price |\n|------|-------|-------|\n| S | 135 cm | 49,90 € |\n| M | 155 cm | 59,90 € |\n", (0.85, 1.8)),
}  # fmt: skip


def another_counter(vocabulary: str) -> Any:
    """One that somebody else wrote, in another language."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module("bpe_openai").get_encoding(vocabulary)


exactly = pytest.mark.skipif(
    not counts_exactly(), reason="the vocabularies aren't installed: pip install 'convagent[tokens]'"
)


@exactly
@pytest.mark.parametrize("name", TEXTS)
def test_the_estimate_is_rather_too_high_than_too_low(name: str) -> None:
    text, (least, most) = TEXTS[name]
    assert least <= estimated_tokens(text) / count_tokens(text) <= most


@exactly
def test_the_estimate_of_the_demo_shops_articles_is_at_most_half_too_high(root: Path) -> None:
    ratios = []
    for path in sorted((root / "knowledge" / "articles").rglob("*.md")):
        text = path.read_text(encoding="utf-8")
        ratios.append(estimated_tokens(text) / count_tokens(text))
    assert len(ratios) > 20
    assert min(ratios) >= 0.98
    assert max(ratios) <= 1.5


@exactly
@pytest.mark.parametrize(
    ("text", "model", "tokens"),
    [
        ("hello world", "openai:gpt-5-mini", 2),
        ("hello world", "gpt-4", 2),
        ("Rückerstattung", "gpt-4o", 4),
        ("Rückerstattung", "gpt-4-turbo", 5),
        ("<|endoftext|>", "gpt-4o", 7),
        ("", "gpt-4o", 0),
    ],
)
def test_openais_models_are_counted_by_their_own_vocabulary(text: str, model: str, tokens: int) -> None:
    assert count_tokens(text, model) == tokens


@exactly
def test_it_counts_what_another_counter_counts() -> None:
    encoding, older = another_counter("o200k_base"), another_counter("cl100k_base")
    for text, _ in TEXTS.values():
        assert count_tokens(text) == len(encoding.encode(text))
        assert count_tokens(text, "gpt-4") == len(older.encode(text))


@given(st.text(max_size=300))
def test_any_text_can_be_counted(text: str) -> None:
    assert 0 <= count_tokens(text) <= len(text.encode("utf-8", "replace"))
    assert estimated_tokens(text) >= bool(text.strip())


@given(st.text(max_size=100), st.text(max_size=100))
def test_a_longer_text_is_not_estimated_shorter(first: str, second: str) -> None:
    assert estimated_tokens(f"{first}\n\n{second}") >= max(estimated_tokens(first), estimated_tokens(second))


@pytest.mark.parametrize("letter", ["a", " ", "\n", "-", "ä", "界", "😀", "\ud83d", "\x00", "1"])
def test_a_run_without_end_is_counted_in_no_time(letter: str) -> None:
    assert count_tokens(letter * 200_000) > 0
    assert estimated_tokens(letter * 200_000) > 0


@exactly
def test_cutting_long_runs_hardly_changes_the_count() -> None:
    noise = random.Random(5)
    text = "".join(noise.choice("abcdefghij0123456789") for _ in range(3_000)) + " and so on. " * 3_000
    assert count_tokens(text) == pytest.approx(len(another_counter("o200k_base").encode(text)), rel=0.01)


def test_without_the_extra_and_without_a_network_it_estimates() -> None:
    code = """
import socket, sys
def refuse(*_, **__): raise AssertionError("a connection was tried")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse
if sys.argv[1] == "bare":
    sys.modules["tiktoken"] = None
from convagent.models import count_tokens
from convagent.models.tokens import counts_exactly, estimated_tokens
text = "Where is my order? It should have come on Tuesday."
print(counts_exactly(), count_tokens(text, "openai:gpt-5"), estimated_tokens(text))
"""
    bare = subprocess.run(
        [sys.executable, "-c", code, "bare"], check=True, capture_output=True, text=True
    ).stdout.split()
    assert bare[0] == "False"
    assert bare[1] == bare[2]
    full = subprocess.run(
        [sys.executable, "-c", code, "full"], check=True, capture_output=True, text=True
    ).stdout.split()
    assert full[0] == str(counts_exactly())
