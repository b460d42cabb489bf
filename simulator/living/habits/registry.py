"""All that a day can be made of; a new habit is one file and one line here."""

from zlib import crc32

from simulator.living.chance import Chance
from simulator.living.habits import kitchen, outdoors, rest, upkeep
from simulator.living.habits.habit import Habit

HABITS: tuple[Habit, ...] = (
    kitchen.EARLY_CUP,
    kitchen.BREAKFAST,
    upkeep.DRESSING,
    upkeep.MORNING_WASH,
    kitchen.LUNCH,
    kitchen.SUPPER,
    kitchen.TEA,
    kitchen.COLD_DRINK,
    kitchen.NIGHTCAP,
    outdoors.DOORSTEP,
    outdoors.OUTING,
    outdoors.AIRING,
    outdoors.GARDENING,
    outdoors.DAY_CENTRE,
    rest.NAP,
    upkeep.EVENING_WASH,
)


def draw_usual(*seed: int) -> dict[str, float]:
    """How often one person does each, by its name; each from a stream of its own."""
    return {
        habit.name: habit.usual(Chance.of(*seed, crc32(habit.name.encode()))) for habit in HABITS
    }
