"""Claim codes: short enough to type on a doorstep, and a typing mistake is noticed at once.

Twelve letters and digits of Crockford's alphabet, which has no I, L, O or U: ten at random (50
bits) and two that check them. `O` is read as zero, `I` and `L` as one, and case, spaces and dashes
do not matter.
"""

import hashlib
from collections.abc import Callable

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM = 10

_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})
# The largest prime below 32 * 32: then the check finds every single mistake and every swap of two.
_MODULUS = 1021


def new_code(choose: Callable[[str], str]) -> str:
    """A fresh code as `XXXX-XXXX-XXXX`; `choose` picks one letter at random."""
    digits = "".join(choose(ALPHABET) for _ in range(RANDOM))
    whole = digits + _check(digits)
    return "-".join(whole[at : at + 4] for at in range(0, len(whole), 4))


def read_code(typed: str) -> str | None:
    """The code somebody typed, in its plain form; None where it cannot be one."""
    plain = typed.upper().translate(_LOOKALIKES)
    if len(plain) != RANDOM + 2 or not set(plain) <= set(ALPHABET):
        return None
    digits, check = plain[:RANDOM], plain[RANDOM:]
    return plain if _check(digits) == check else None


def plain_of(code: str) -> str:
    """The plain form of a code that :func:`new_code` made."""
    plain = read_code(code)
    assert plain is not None  # noqa: S101 - a fresh code can be read
    return plain


def code_hash(plain: str) -> bytes:
    """What the database keeps of a code. Slow on purpose (tens of ms, 16 MiB): 50 bits are few.

    A graphics card works out some 10^10 plain SHA-256 a second, and would have every code out of a
    stolen database within two days, while it is good; of this hash it does some 10^4, which is
    thousands of years. A salt for each code would buy no more: a code is looked up by its hash.
    """
    return hashlib.scrypt(plain.encode(), salt=b"telecare claim code", n=2**14, r=8, p=1, dklen=32)


def _check(digits: str) -> str:
    number = 0
    for digit in digits:
        number = number * len(ALPHABET) + ALPHABET.index(digit)
    high, low = divmod(number % _MODULUS, len(ALPHABET))
    return ALPHABET[high] + ALPHABET[low]
