from __future__ import annotations

import pytest

from convagent.understanding.withdrawal import withdraws


@pytest.mark.parametrize("text", ["never mind", "No, never mind, leave it.", "Forget it!", "oh just leave it", "Vergessen Sie es.",
                                  "hat sich erledigt", "laissez tomber", "tant pis"])  # fmt: skip
def test_words_that_drop_a_request_do(text: str) -> None:
    assert withdraws(text)


@pytest.mark.parametrize("text", ["no", "yes", "I changed my mind", "not the lamp", "could you leave it at the door?", "cancel order #1042",
                                  "never mind the colour, I want the lamp in the largest size that you have got"])  # fmt: skip
def test_other_words_do_not(text: str) -> None:
    assert not withdraws(text)
