"""An installer on a doorstep types the code once, in the rain: a slip must be noticed at once."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.hubs.codes import ALPHABET, code_hash, new_code, read_code

codes = st.randoms(use_true_random=False).map(lambda dice: new_code(dice.choice))


@given(codes)
def test_a_code_is_read_back_however_it_is_typed(code: str) -> None:
    plain = read_code(code)
    assert plain is not None
    assert read_code(code.lower()) == plain
    assert read_code(code.replace("-", " ")) == plain
    assert read_code(code.replace("0", "O").replace("1", "l")) == plain


@given(codes, st.integers(0, 11), st.sampled_from(ALPHABET))
def test_any_one_wrong_letter_is_noticed(code: str, at: int, wrong: str) -> None:
    plain = read_code(code)
    assert plain is not None
    typed = plain[:at] + wrong + plain[at + 1 :]
    assert (read_code(typed) is None) == (typed != plain)


@given(codes, st.integers(0, 10))
def test_any_two_neighbours_swapped_are_noticed(code: str, at: int) -> None:
    plain = read_code(code)
    assert plain is not None
    typed = plain[:at] + plain[at + 1] + plain[at] + plain[at + 2 :]
    assert (read_code(typed) is None) == (typed != plain)


@pytest.mark.parametrize("typed", ["", "ABCD", "AAAA-AAAA-AAA!", "ÄÖÜ4-5678-9012", "0" * 200])
def test_what_cannot_be_a_code_is_refused_without_asking_the_database(typed: str) -> None:
    assert read_code(typed) is None


def test_codes_differ_and_only_their_slow_hash_is_kept() -> None:
    dice = random.Random(1)  # noqa: S311 - the test wants the same codes every time
    made = {new_code(dice.choice) for _ in range(1000)}
    assert len(made) == 1000
    assert code_hash("0" * 12) != code_hash("0" * 11 + "1")
    assert len(code_hash("0" * 12)) == 32
