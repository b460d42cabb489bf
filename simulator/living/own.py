"""What is somebody's own: hours, pace, bladder, and how they spend the time between habits."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from simulator.living.chance import Chance
from simulator.living.population import PEOPLE
from simulator.living.rooms import BATHROOM, BEDROOM, HALLWAY, KITCHEN, LOUNGE

_ERRANDS = (KITCHEN, LOUNGE, BEDROOM, BATHROOM, HALLWAY)


@dataclass(frozen=True, kw_only=True)
class Own:
    """One person's usual.

    Attributes:
        wake_hour, bed_hour: On the wall clock; `bed_hour` counts beyond 24 after midnight.
        regularity_h: How far hours stray from day to day, one standard deviation.
        capacity_ml: Of the bladder.
        urge: Share of a full bladder that sends them to the toilet by day, on average.
        light_sleep: Share of a full bladder that wakes them.
        unrest: Wakings an hour of the night without need.
        turning_s: Between two movements in bed that a sensor might see.
        pace: Metres a second.
        pausing, pause_s: How often they stop before they set off, and for how long, on average.
        busy_s: Between two movements of somebody at work that a sensor might see.
        toilet_s: Median of a visit to the toilet.
        door_s: For how long the front door is held open, median.
        again_s: Until a door or the fridge is opened once more, median.
        cooking: How often the fridge is needed for one meal, on average.
        variability: Of a day against another, as the sigma of a log-normal factor.
        persistence: How much of a busy or slow day carries over to the next, from 0 to 1.
        sitting_s: Median of a spell in the chair.
        stillness_s: Between two movements in the chair that a sensor might see.
        errands: Short stays here and there between two spells in the chair, on average.
        errand_s: Median of such a stay, by room.
        morning, evening: How many more or less errands there are then than in the afternoon.
        seats: How often each room is where they sit, as weights.
        favours: How often each room is where something is seen to, as weights.
        snacking: Share of the errands in the kitchen that end at the fridge.
        forgetting: Share of the boils that are forgotten and boiled again.
        fumbling: How often a door is opened once more, each time it is used.
        rummaging: How often the fridge is.
        fridge_s: How long it stays open, median.
        ajar: Share of the times in the garden that the back door stays open behind them.
        dressing_s, eating_s, settling_s: How long they dress, eat, and get ready to sleep, medians.
        usual: Of each habit, by its name.
    """

    wake_hour: float
    bed_hour: float
    regularity_h: float
    capacity_ml: float
    urge: float
    light_sleep: float
    unrest: float
    turning_s: float
    pace: float
    pausing: float
    pause_s: float
    busy_s: float
    toilet_s: float
    door_s: float
    again_s: float
    cooking: float
    variability: float
    persistence: float
    sitting_s: float
    stillness_s: float
    errands: float
    errand_s: Mapping[str, float]
    morning: float
    evening: float
    seats: tuple[tuple[str, float], ...]
    favours: tuple[tuple[str, float], ...]
    snacking: float
    forgetting: float
    fumbling: float
    rummaging: float
    fridge_s: float
    ajar: float
    dressing_s: float
    eating_s: float
    settling_s: float
    usual: Mapping[str, float]


def draw_own(chance: Chance, usual: Mapping[str, float], share: float = 1.0) -> Own:
    """Somebody of the population, who does this share of what is to be done in the home."""
    drawn = {name: trait.draw(chance) for name, trait in PEOPLE.items()}
    drawn["errands"] *= share
    usual = {name: often * share**0.6 for name, often in usual.items()}
    favours = tuple((room, drawn[f"in_{room}"]) for room in _ERRANDS)
    errand_s = {room: drawn["errand_s"] * drawn[f"at_{room}"] for room in _ERRANDS}
    seats = tuple((room, drawn[f"seat_{room}"]) for room in (LOUNGE, KITCHEN, BEDROOM))
    names = {each.name for each in fields(Own)} - {"errand_s"}
    mine = {name: value for name, value in drawn.items() if name in names}
    return Own(favours=favours, errand_s=errand_s, seats=seats, usual=usual, **mine)
