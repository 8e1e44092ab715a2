"""Which of the multilingual teacher's 250,000 pieces are kept, and the tokenizer made of them.

Kept are the special pieces, single characters of European scripts, signs and emoji, numbers of up to four digits, and then
the pieces that the commonest words of the seven languages are made of, by how often they are needed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import wordfreq
from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import Unigram

__all__ = ["LANGUAGES", "kept_pieces", "unigram"]

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl")
WORDS = 60_000
"""Words of each language that are looked at."""

SPECIAL = 4
"""The special pieces come first: beginning, padding, end, unknown."""

CASES = ((str, 1.0), (str.capitalize, 0.3), (str.upper, 0.03))
"""How a word is written, and how often it is beside its usual form."""

SCRIPTS = ((0x0000, 0x0250), (0x1E00, 0x1F00), (0x2000, 0x2C00), (0x1F300, 0x1FB00))
"""Latin letters, punctuation and signs, emoji."""


def kept_pieces(pieces: Sequence[str], scores: Sequence[float], *, size: int) -> list[int]:
    """The numbers of the pieces that are kept, ascending."""
    kept = set(range(SPECIAL))
    for number, piece in enumerate(pieces):
        bare = piece.replace("▁", "")
        single = len(bare) <= 1 and all(any(low <= ord(c) < high for low, high in SCRIPTS) for c in bare)
        if single or (bare.isascii() and bare.isdigit() and len(bare) <= 4):
            kept.add(number)
    for number, _ in _needed(pieces, scores).most_common():
        if len(kept) >= size:
            break
        kept.add(number)
    return sorted(kept)


def _needed(pieces: Sequence[str], scores: Sequence[float]) -> Counter[int]:
    tokenizer = unigram(pieces, scores)
    tokenizer.no_padding()
    needed: Counter[int] = Counter()
    for language in LANGUAGES:
        words = wordfreq.top_n_list(language, WORDS, wordlist="best")
        frequencies = [wordfreq.word_frequency(word, language) for word in words]
        for written, share in CASES:
            for found, frequency in zip(tokenizer.encode_batch(list(map(written, words))), frequencies, strict=True):
                for number in set(found.ids):
                    needed[number] += frequency * share
    # Equal needs must not depend on the order in which they were met.
    return Counter(dict(sorted(needed.items())))


def unigram(pieces: Sequence[str], scores: Sequence[float]) -> Tokenizer:
    """The teacher's tokenizer over some of its pieces, the special ones first."""
    tokenizer = Tokenizer(Unigram(list(zip(pieces, map(float, scores), strict=True)), unk_id=3, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer.enable_padding(pad_id=1, pad_token="<pad>")
    return tokenizer
