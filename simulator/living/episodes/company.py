"""Others in the home: a visitor who stays, a second resident, a pet."""

from typing import TYPE_CHECKING

from simulator.living.episodes.episode import Episode
from simulator.living.episodes.kind import Kind

if TYPE_CHECKING:
    from simulator.living.home import Home

_WITHIN_S = 60.0  # of the moment said; nobody moves in or out on the full second


def _visit(home: "Home", visit: Episode) -> None:
    home.lives.visit_daily(visit.onset, visit.end, *home.key(visit))


def _move_in(home: "Home", stay: Episode) -> None:
    chance = home.chance(stay)
    begun, end = (t + chance.between(0, _WITHIN_S) for t in (stay.onset, stay.end))
    home.lives.move_in(begun, end, *home.key(stay))


def _adopt(home: "Home", pet: Episode) -> None:
    home.lives.keep_pet(pet.onset, pet.end, *home.key(pet))


VISITOR = Kind(
    name="visitor",
    summary="family comes for the afternoon, every day while it lasts",
    shows="front door at the beginning and the end, and two people's movement between them",
    plateau_days=1,
    arrange=_visit,
)
SECOND_RESIDENT = Kind(
    name="second_resident",
    summary="somebody moves in, with a bladder and a kettle habit of their own",
    shows="movement in two rooms at once, and more of everything",
    plateau_days=30,
    arrange=_move_in,
)
PET = Kind(
    name="pet",
    summary="a cat, awake when it likes",
    shows="more movement in every room, at night too and while nobody is at home",
    plateau_days=90,
    arrange=_adopt,
)
