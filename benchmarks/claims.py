"""Claims of what was done or will be done: precision and recall on sentences that were written for it.

    python benchmarks/claims.py [development|final]

`development` was tuned on; `final` was written before the tuning and looked at once.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from convagent.guidance.claims import claims_in


def main(name: str = "development") -> None:
    """Prints the figures of one set, and each sentence that was read wrongly."""
    cases = json.loads((Path(__file__).parent / "data" / "claims.json").read_text(encoding="utf-8"))[name]
    right = wrong = missed = 0
    for case in cases:
        kinds = {claim.kind for claim in claims_in(case["text"])}
        wanted = {case["claim"]} if case["claim"] else set()
        right += len(kinds & wanted)
        wrong += len(kinds - wanted)
        missed += len(wanted - kinds)
        if kinds != wanted:
            print(
                f"  wanted {case['claim'] or 'nothing':8} found {', '.join(sorted(kinds)) or 'nothing':8} {case['text']!a}"
            )
    precision, recall = right / max(1, right + wrong), right / max(1, right + missed)
    print(f"{name}: {len(cases)} sentences, precision {precision:.3f}, recall {recall:.3f}")


if __name__ == "__main__":
    main(*sys.argv[1:2])
