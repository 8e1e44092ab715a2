"""Writes `tests/search/static_known.npz`: vectors of a few texts, which the static tier has to give on every machine.

    python -m tools.encoder.static_known

Run it when the tables were made anew, and at no other time: it is what tells that something changed.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from convagent.search.static_encoder import StaticEncoder

TEXTS = (
    ("en", "Where is my order?"),
    ("en", "my parcel never turned up 😡😡"),
    ("en", "Returns\nYou may send back unworn items within 30 days. Refunds take 5 to 7 days."),
    ("de", "Wie kann ich die Schuhe zurückschicken?"),
    ("fr", "Où est ma commande ?"),
    ("es", "¿Puedo pagar con tarjeta?"),
    ("it", "Quando arriva il pacco?"),
    ("pt", "Não recebi o reembolso"),
    ("nl", "Ik wil mijn adres wijzigen"),
)


def main() -> None:
    """Embeds and writes."""
    encoder = StaticEncoder(("en", "de"))
    vectors = [encoder.embed([text], language=language)[0] for language, text in TEXTS]
    np.savez(
        Path(__file__).parents[2] / "tests" / "search" / "static_known.npz",
        languages=np.array([language for language, _ in TEXTS]),
        texts=np.array([text for _, text in TEXTS]),
        vectors=np.stack(vectors),
    )


if __name__ == "__main__":
    main()
