"""The decoys that are written into homes. A new one is a function and a line here."""

from simulator.evaluation.decoys import absence, company, messages, sensors
from simulator.evaluation.decoys.decoy import Decoy

DECOYS: tuple[Decoy, ...] = (
    Decoy(
        "holiday",
        "nobody at home for ten days, out and back by the door",
        10,
        absence.nobody,
        (8, 12),
    ),
    Decoy("hospital stay", "the same for six days, from any hour on", 6, absence.nobody, (0, 24)),
    Decoy("visitors", "another home's events of 14 to 18 h on three days", 3, company.visitors),
    Decoy(
        "second resident", "all of another home's events for ten days", 10, company.second_resident
    ),
    Decoy(
        "pet", "35 more activations a day, anywhere and at any hour, for ten days", 10, company.pet
    ),
    Decoy("dead sensor", "a sensor that often speaks says nothing for a week", 7, sensors.dead),
    Decoy(
        "flat battery",
        "a battery runs flat in five days, and five days of silence",
        10,
        sensors.flat_battery,
    ),
    Decoy("duplicated messages", "three in ten twice, for five days", 5, messages.duplicated),
    Decoy("late messages", "two hours of each of five days told too late", 5, messages.late),
    Decoy(
        "replayed messages",
        "the last state told again five times on each of five days",
        5,
        messages.replayed,
    ),
)
