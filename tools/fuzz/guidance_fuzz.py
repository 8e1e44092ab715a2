"""Fuzzes the reading and formatting of guidance with atheris, guided by coverage.

    PYTHONPATH=src:. python tools/fuzz/guidance_fuzz.py [FOLDER …] [-max_total_time=600] [-rss_limit_mb=2048]

The options are libFuzzer's. The first folder receives new inputs; without one they go to a temporary folder, started from
the corpus of the tests. Whatever breaks something is written as `crash-…` into the current folder: mend it, and keep the
input under `tests/guidance/corpus/fuzz/`, where the tests read it for ever. atheris is optional: without it a message
says how to get it.
"""

from __future__ import annotations

import sys
import tempfile
from hashlib import sha256
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "tests" / "guidance" / "corpus"

_WORDS = (
    "Need ", "Let ", "If ", "Otherwise:", "Ask ", "say ", "refuse ", "confirm ", "do ", "hand over ", "go to ", "go on",
    "give ", "answer from ", "recommend ", "offer ", "tag ", "close", "set ", "snooze for ", "Never do ", "Never say ",
    "must ", ", else ", "within ", "if it fails:", "When ", "When it seems ", "On ", "Only for ", "At most ", "After ",
    "Safeguard each time", "Gives ", "Note: ", " be look up ", " with ", " where ", " by its ", " descending", " is one of ",
    " is not ", " is between ", " is known", " contains ", " does not contain ", "it seems ", "count of ", "sum of ", " over ",
    "first 3 of ", "any of ", "10% of ", "20 EUR", "30 days", "2026-11-20", "from ", " to ", "until ", " because ", "urgently",
    "It seems \"", "\":", "business days", "calendar days", "for each",
    "in your own words ", "one of ", "some of ", "each of ", "yes or no", " for each item in ", "{{ order.id }}", "<!--", "-->",
    "---", "   - ", "1. ", "   > ", "# ", "“", "”", "„", "«", "»", '"',
)  # fmt: skip


def _dictionary(folder: Path) -> Path:
    """libFuzzer's dictionary of the words of the language."""
    path = folder / "guidance.dict"
    lines = ['"' + "".join(f"\\x{byte:02x}" for byte in word.encode()) + '"' for word in _WORDS]
    path.write_text("\n".join(lines) + "\n", encoding="ascii")
    return path


def main() -> int:
    """Runs the fuzzer; 0 also when atheris isn't installed, so that a check that calls it just skips."""
    if find_spec("atheris") is None:
        print("skipped: atheris is not installed (pip install atheris)")
        return 0
    atheris = import_module("atheris")
    with atheris.instrument_imports(include=["convagent.guidance"]):
        from tests.guidance.test_fuzz import check

    def one_input(data: bytes) -> None:
        try:
            check(data.decode("utf-8", "replace"))
        except Exception:
            Path(f"crash-{sha256(data).hexdigest()[:16]}").write_bytes(data)
            raise

    folder = Path(tempfile.mkdtemp(prefix="guidance-fuzz-"))
    arguments = [sys.argv[0], *sys.argv[1:]]
    if not any(not argument.startswith("-") for argument in arguments[1:]):
        arguments.append(str(folder))
    arguments += [str(CORPUS / name) for name in ("good", "bad", "fuzz")]
    atheris.Setup([*arguments, f"-dict={_dictionary(folder)}", "-max_len=6000"], one_input)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
