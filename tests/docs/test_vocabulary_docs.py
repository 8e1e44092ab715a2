"""What the page on the shop's own words shows is what a shop with these files does."""

from __future__ import annotations

import re
from pathlib import Path

from convagent import Agent

ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)


def test_customers_words_open_the_guides_that_the_page_names(root: Path, tmp_path: Path) -> None:
    page = (root / "docs" / "vocabulary.md").read_text(encoding="utf-8")
    for name, content in re.findall(r"<!-- file: (\S+) -->\n```\w+\n(.*?)```", page, re.DOTALL):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    rows = [(text, opens) for text, opens in ROW.findall(page) if not text.startswith(("a customer", "-"))]
    assert len(rows) >= 4
    with Agent.open(tmp_path, storage="memory:") as agent:
        for number, (text, opens) in enumerate(rows):
            turn = agent.reply(text, conversation=str(number))
            told = {
                "Cancel an order": "A pity, but of course.",
                "How many points do I have": "As many as you earned.",
                "Pause a subscription": "It rests.",
            }.get(opens)
            reply = turn.reply.text if turn.reply else ""
            if told is None:
                assert opens.startswith("nothing"), opens
                assert "It rests." not in reply, (text, reply)
            else:
                assert told in reply, (text, reply)


def test_without_the_vocabulary_the_words_are_strange(root: Path, tmp_path: Path) -> None:
    page = (root / "docs" / "vocabulary.md").read_text(encoding="utf-8")
    files = dict(re.findall(r"<!-- file: (\S+) -->\n```\w+\n(.*?)```", page, re.DOTALL))
    (tmp_path / "guidance").mkdir()
    (tmp_path / "guidance" / "orders.md").write_text(files["guidance/orders.md"], encoding="utf-8")
    settings, _, _ = files["convagent.toml"].partition("[vocabulary]")
    (tmp_path / "convagent.toml").write_text(settings, encoding="utf-8")
    with Agent.open(tmp_path, storage="memory:") as agent:
        turn = agent.reply("how many spokes do I have?", conversation="c")
    assert turn.reply is None or "As many as you earned." not in turn.reply.text
