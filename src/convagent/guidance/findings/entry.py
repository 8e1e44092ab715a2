"""One entry of the catalogue of findings."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent

from convagent.guidance.findings.finding import Severity

__all__ = ["CodeEntry", "entry"]

_HEADER = """# Help with an order

When the customer asks for help with an order:
- "where is my parcel?"
- "something is wrong with my order"
- "can you look at #1042?"

"""


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """What a code means.

    Attributes:
        code: Family and number: `G210`.
        severity: Unless settings say otherwise.
        title: The fault in a few words.
        why: Why it matters, in a sentence or two.
        avoid: Guidance at fault: a whole file, or the numbered statements of a guide.
        prefer: The same without the fault.
        configure: How the check is tuned, besides leaving it out.
        command: The command of `convagent guidance` that finds it.
        settings: What `convagent.toml` says in the examples; nothing is found without it.
    """

    code: str
    severity: Severity
    title: str
    why: str
    avoid: str
    prefer: str
    configure: str = ""
    command: str = "check"
    settings: str = ""

    @property
    def family(self) -> str:
        """The first two characters: `G2`."""
        return self.code[:2]

    @property
    def can_be_ignored(self) -> bool:
        """Whether front matter or settings can leave the code out; faults of syntax always count."""
        return self.family != "G1"

    @staticmethod
    def as_file(example: str) -> str:
        """An example as a whole file: statements get a title and a `When` above them."""
        return _HEADER + example if example.startswith("1. ") else example


def _text(example: str) -> str:
    return dedent(example).strip("\n ") + "\n"


def entry(
    code: str, severity: Severity, title: str, *, why: str, avoid: str, prefer: str, configure: str = "",
    command: str = "check", settings: str = "",
) -> CodeEntry:  # fmt: skip
    """An entry whose texts may be indented as the code around them is."""
    return CodeEntry(
        code, severity, title, " ".join(why.split()), _text(avoid), _text(prefer), " ".join(configure.split()), command,
        _text(settings) if settings else "",
    )  # fmt: skip
