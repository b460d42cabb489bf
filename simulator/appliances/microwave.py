"""A microwave oven: its magnetron is on, at a power that falls as it warms, or off.

At less than full power it is switched on and off many times a minute; lamp, fan and turntable go on
throughout. So a plug sees full power and then nearly none. Recordings of 30 s means do not tell how
long one such pulse takes: 17 to 40 s fit almost equally well.
"""

from collections.abc import Sequence

import msgspec

from simulator.appliances.quantiles import drawn
from simulator.appliances.sample import Sample, Step, Use, every, metered
from simulator.living.chance import Chance

_EVERY_S = 10.0
_FULL_FROM = 0.9
_LONGEST_FALL_S = 600.0  # the recordings hold few uses that are longer


class Microwave(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One household's microwave oven and what it is used for.

    Attributes:
        full_w: What it draws at the start at full power.
        between_sd: Of that from use to use, as a share.
        within_sd: Of means of 10 s, as a share.
        fall_per_min: Share of its power that it loses in a minute of running.
        idle_w: With the magnetron off: lamp, fan and turntable.
        period_s: From one switching-on to the next at less than full power.
        pulsed_share: Of uses at less than full power.
        duty: Share of the time that the magnetron is on in these, as quantiles.
        full_seconds, pulsed_seconds: Lengths of uses of either sort, as quantiles.
    """

    full_w: float
    between_sd: float
    within_sd: float
    fall_per_min: float
    idle_w: float
    period_s: float
    pulsed_share: float
    duty: Sequence[float]
    full_seconds: Sequence[float]
    pulsed_seconds: Sequence[float]

    def curve(self, wh: float, seconds: float, chance: Chance) -> list[Sample]:
        """Full power throughout or, where that would be more than the energy, in pulses."""
        mean = wh * 3600 / seconds if seconds else 0.0
        full = self.full_w * self._left(seconds / 2) * chance.around(1, self.between_sd)
        duty = (mean - self.idle_w) / (full - self.idle_w)
        pulses = round(seconds / self.period_s)
        if mean <= self.idle_w or mean >= _FULL_FROM * full or not pulses:
            return metered(self._on(0, seconds, chance), wh, seconds)
        return metered(self._pulses(pulses, duty, seconds, chance), wh, seconds)

    def draw_use(self, chance: Chance) -> Use:
        """Something is warmed or, at less power, cooked or thawed."""
        pulsed = chance.happens(self.pulsed_share)
        seconds = drawn(self.pulsed_seconds if pulsed else self.full_seconds, chance)
        duty = drawn(self.duty, chance) if pulsed else 1.0
        full = self.full_w * self._left(seconds / 2) * chance.around(1, self.between_sd)
        watts = self.idle_w + duty * (full - self.idle_w)
        return Use(round(watts * seconds / 3600, 2), round(seconds, 1))

    def another(self, chance: Chance) -> "Microwave":
        """An oven of another household, used alike: 900 to 1,500 W, as shops sell."""
        return msgspec.structs.replace(self, full_w=round(chance.between(900, 1500)))

    def _left(self, t: float) -> float:
        """The share of its power that is left after `t` seconds."""
        return 1 - self.fall_per_min * min(t, _LONGEST_FALL_S) / 60

    def _on(self, begin: float, end: float, chance: Chance) -> list[Step]:
        times = every(begin, end, _EVERY_S)
        return [
            Step(t, self.full_w * self._left(t) * chance.around(1, self.within_sd)) for t in times
        ]

    def _pulses(self, number: int, duty: float, seconds: float, chance: Chance) -> list[Step]:
        """On at both ends, so that the use is as long as was asked for; off `number` times."""
        on, off = duty * seconds / (number + 1), (1 - duty) * seconds / number
        steps: list[Step] = []
        for index in range(number + 1):
            begin = index * (on + off)
            steps += self._on(begin, begin + on, chance)
            if index < number:
                steps.append(Step(begin + on, self.idle_w))
        return steps
