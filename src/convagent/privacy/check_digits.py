"""The check digits that tell numbers of cards and accounts from other figures."""

from __future__ import annotations

__all__ = ["passes_97", "passes_luhn"]


def passes_luhn(digits: str) -> bool:
    """Whether figures pass the check of payment cards (Luhn, ISO/IEC 7812-1 annex B); one in ten numbers does by chance.

    Args:
        digits: Figures alone, of any script.
    """
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def passes_97(account: str) -> bool:
    """Whether an account number passes the check of IBANs (ISO 13616): the remainder by 97 is 1.

    Args:
        account: Letters and figures, blanks among them.
    """
    compact = account.replace(" ", "").upper()
    if not compact.isascii() or not compact.isalnum():
        return False
    return int("".join(str(int(char, 36)) for char in compact[4:] + compact[:4])) % 97 == 1
