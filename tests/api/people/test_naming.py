"""What names somebody who is erased goes; what is said of those who stay is not lost with it."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.people.identity import Identity
from api.people.naming import Naming

JOAN = Identity(name="Joan van Smith", preferred="Joanie", address_as="Mrs Smith")
PETER = Identity(name="Peter van Smith", address_as="Mr Smith")
LEAVES = Naming.of(JOAN, [PETER])


@pytest.mark.parametrize(
    "text",
    [
        "Ring Joan.",
        "ring JOANIE's surgery",
        "Ask Mrs. Smith for her tablets",
        "(joan)",
        "Peter, Joan",
    ],
)
def test_a_task_that_names_who_leaves_is_found_however_it_is_written(text: str) -> None:
    assert LEAVES.speaks_of(text)


@pytest.mark.parametrize(
    "text",
    ["Ring Peter van Smith.", "Mr Smith", "The Smiths", "Joanna rang", "Mrs Jones", "", "van"],
)
def test_what_is_said_of_who_stays_or_of_others_is_not_lost(text: str) -> None:
    assert not LEAVES.speaks_of(text)


@pytest.mark.parametrize(
    ("name", "theirs"),
    [
        ("Joan van Smith", True),
        ("Mrs Smith", True),
        ("Joan and Peter", True),
        ("Joan's daughter Ann", False),
        ("Peter", False),
        ("Mr Smith", False),
    ],
)
def test_their_own_entry_is_told_from_a_daughter_s(name: str, theirs: bool) -> None:
    assert LEAVES.is_theirs(name) == theirs


def test_who_lived_alone_is_named_by_the_surname_and_a_namesake_is_not() -> None:
    alone = Naming.of(Identity(name="J. Quux"), [])
    assert alone.speaks_of("Take Quux to the clinic")
    assert not alone.speaks_of("J. came by")
    assert not Naming.of(PETER, [PETER]).speaks_of("Peter van Smith")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Ring Joan.", "Ring [erased]."),
        ("JOAN van Smith's tablets", "[erased]'s tablets"),
        ("Peter van Smith, Joanna, the Smiths", "Peter van Smith, Joanna, the Smiths"),
        ("Mrs Smith (Joanie) at 9, Elm Row", "[erased] ([erased]) at [erased]"),
        ("07700 900777 and 01632 960001", "[erased] and 01632 960001"),
        ("+44 (0)7700-900-777", "[erased]"),
        ("0077009007771", "0077009007771"),
        ("", ""),
    ],
)
def test_only_what_names_who_leaves_is_struck_out(text: str, left: str) -> None:
    joan = msgspec.structs.replace(JOAN, phone="07700 900777", address="9 Elm Row\nAyr")
    assert Naming.of(joan, [PETER]).struck(text) == left


def test_a_number_or_an_address_that_is_shared_stays() -> None:
    shared = {"phone": "01632 960001", "address": "9 Elm Row, Ayr"}
    couple = [msgspec.structs.replace(one, **shared) for one in (JOAN, PETER)]
    said = "Ring +441632960001, or go to 9 Elm Row"
    assert Naming.of(couple[0], couple[1:]).struck(said) == said


@given(st.text(max_size=60), st.sampled_from(["Joan", "joanie", "MRS SMITH", "Joan van Smith"]))
def test_whatever_stands_around_it_no_name_is_left(around: str, name: str) -> None:
    assert not LEAVES.speaks_of(LEAVES.struck(f"{around} {name} {around}"))
