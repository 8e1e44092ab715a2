"""Whatever is edited, `convagent guidance watch` runs every case again whose result a run of all cases would change."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from convagent.cli.watched_cases import WatchedCases
from convagent.evals import Bench, Case, load_cases
from convagent.evals.results import CaseResult
from convagent.shop import demo_shop, open_shop

TALKS = (
    ("ada@example.com", "The jumper from 1017 isn't for me, I'd like to send it back.", "yes"),
    ("pilar@example.com", "where is my refund for #1004?"),
    ("maeve@example.org", "did you refund the swimsuit from 1028 yet"),
    ("bruno@example.com", "where is my refund"),
    ("lorcan@example.org", "did the return for order 1010 arrive?"),
    ("quentin@example.net", "I can't find the return label for 1030, can you send it once more?"),
    ("kate@example.com", "please cancel order 1033", "yes"),
    ("kate@example.com", "where is my order #1033?"),
    ("pilar@example.com", "what does an exchange cost"),
    ("yann@example.com", "I want to speak to a person"),
)
Edit = Callable[[Path], None]


def replaced(file: str, old: str, new: str) -> Edit:
    """An edit of a file, in which a text stands."""

    def edit(shop: Path) -> None:
        path = shop / file
        text = path.read_text(encoding="utf-8")
        assert old in text, old
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


def without_guide(file: str, title: str) -> Edit:
    """Takes a guide away."""

    def edit(shop: Path) -> None:
        path = shop / file
        before, _, rest = path.read_text(encoding="utf-8").partition(f"# {title}\n")
        assert rest, title
        path.write_text(before + (f"# {rest.split(chr(10) + '# ', 1)[1]}" if "\n# " in rest else ""), encoding="utf-8")

    return edit


def with_vocabulary(shop: Path) -> None:
    """A new fact, and a guide that reads it."""
    settings = shop / "convagent.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8") + '\n[facts.Order]\ngift_note = "text"\n', encoding="utf-8"
    )
    refused = '1. If order.gift_note is unknown:\n   - refuse "A person looks into it. Ask again tomorrow."\n'
    at = "1. Let back be last of order.returns\n"
    replaced("guidance/returns.md", at, refused + at)(shop)


EDITS: dict[str, Edit] = {
    "an example": replaced(
        "guidance/returns.md", '- "did my return arrive?"', '- "did my return arrive?"\n- "please cancel order 1033"'
    ),
    "a condition": replaced(
        "guidance/refunds.md", "1. If customer.orders is empty:", "1. If customer.orders is not empty:"
    ),
    "a text": replaced("guidance/returns.md", "Your return from {{ order.id }}", "The return from {{ order.id }}"),
    "a guide that is gone": without_guide("guidance/returns.md", "Send the return label again"),
    "another title": replaced("guidance/refunds.md", "# Where is my refund\n", "# How far is the money\n"),
    "the vocabulary": with_vocabulary,
}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The demo shop with ten conversations of its own, in English alone."""
    for part in ("convagent.toml", "guidance", "knowledge", "actions", "back_office"):
        source = demo_shop() / part
        if source.is_dir():
            shutil.copytree(source, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__", "translations"))
        else:
            shutil.copyfile(source, tmp_path / part)
    for part in ("articles", "understanding"):  # what was embedded before needn't be again
        kept = demo_shop() / ".convagent" / part
        if kept.is_dir():
            shutil.copytree(kept, tmp_path / ".convagent" / part)
    (tmp_path / "evals").mkdir()
    lines = ["suite: talks", "cases:"]
    for number, (who, *said) in enumerate(TALKS):
        lines += [
            f"  - title: Talk {number}",
            f"    facts: {{customer: {{email: {who}, verified: true}}}}",
            "    turns:",
        ]
        lines += [f'      - customer: "{text}"' for text in said]
    (tmp_path / "evals" / "talks.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def heard(result: CaseResult) -> list[tuple[str, str, list[str]]]:
    """What a customer got: each turn's outcome and reply, and what was read for it."""
    return [
        (turn.outcome.name, turn.reply.text if turn.reply else "", [e.text for e in turn.trace if e.kind == "guide"])
        for turn in result.turns
    ]


def run_all(shop: Path) -> dict[str, list[tuple[str, str, list[str]]]]:
    bench = Bench.of(open_shop(shop))
    try:
        return {case.id: heard(bench.run(case)) for case in load_cases([Path("evals")], base=Path.cwd())}
    finally:
        bench.agent.close()


def test_every_case_that_an_edit_changes_is_run_again(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: set[str] = set()
    noted = WatchedCases._noted

    def note(self: WatchedCases, case: Case, bench: Bench) -> None:
        ran.add(case.id)
        noted(self, case, bench)

    monkeypatch.setattr(WatchedCases, "_noted", note)
    watched = WatchedCases(Path(), [Path("evals")], (), [Path()])
    settle(watched)
    before = run_all(shop)
    assert {name: heard(result) for name, result in watched.last.items()} == before
    for kind, edit in EDITS.items():
        edit(shop)
        ran.clear()
        settle(watched)
        now = run_all(shop)
        changed = {name for name in now if now[name] != before[name]}
        assert changed, f"{kind} changes no case, and so tells nothing"
        assert changed <= ran, kind
        assert {name: heard(result) for name, result in watched.last.items()} == now, kind
        before = now


def settle(watched: WatchedCases) -> None:
    """A save, and all that follows until it is quiet."""
    watched.look()
    while watched.go_on():
        pass
