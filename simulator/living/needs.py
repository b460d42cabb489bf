"""What somebody's body asks of them from moment to moment, and what illness does to it."""

from typing import Final

from simulator.living.body import Body
from simulator.living.chance import Chance, rounded
from simulator.living.episodes.episode import Episode
from simulator.living.episodes.felt import WELL
from simulator.living.episodes.registry import felt_at
from simulator.living.fate import NEVER, Fate
from simulator.living.own import Own
from simulator.living.trace import Reason, Trace
from simulator.living.weather import Weather

_CANNOT_WAIT: Final = 0.95  # of a full bladder
_TIRES: Final = 0.6  # what dryness at its worst takes from what one is up to
_FELT_S: Final = 1800.0  # illness is looked at so often while there is any
_WARMTH_S: Final = 7200.0  # and the warmth of the home
_TABLET_S: Final = 6 * 3600.0  # a water tablet works for so long


class Needs:
    """One person's.

    Args:
        own: What is usual for them.
        chance: Theirs.
        weather: Over their home.
        start: Their first moment, in epoch seconds.

    Attributes:
        t: The present, in epoch seconds.
        own: What is usual for them.
        chance: Theirs.
        up: Whether their day has begun.
        asleep: Whether they sleep.
        body: The water in them.
        felt: What illness does to them now.
        trace: What they did.
        fate: What will befall them at a time that is known.
    """

    def __init__(self, own: Own, *, chance: Chance, weather: Weather, start: float) -> None:
        self.t = start
        self.own = own
        self.chance = chance
        self.up = False
        self.asleep = False
        self.body = Body(own.capacity_ml)
        self.felt = WELL
        self.trace = Trace()
        self.fate = Fate()
        self._weather = weather
        self._episodes: list[Episode] = []
        self._lived = self._look_at = self._warm_at = self._rose = start
        self._dry = 0.0
        self._call_at: float | None = None
        self._calm_until: float | None = None
        self._sudden = False
        self._urge_at = own.urge
        self._day_urge = 1.0

    @property
    def vigour(self) -> float:
        """How much of what they like to do they feel up to, from 0 to about 1."""
        return self.felt.activity * (1 - _TIRES * self._dry)

    def befall(self, episode: Episode) -> None:
        """Something will happen to them, or starts to."""
        self._episodes.append(episode)
        self._look_at = self.t

    def because(self, doing: str, why: str, *figures: float) -> None:
        """Notes why they do what they are about to do."""
        self.trace.reasons.append(Reason(self.t, doing, why, figures))

    def settle(self) -> None:
        """Brings body and illness up to the present."""
        t = self.t
        if t > self._lived:
            self.body.live(t - self._lived, asleep=self.asleep)
            self._lived, self._calm_until = t, None
        if t >= self._look_at or t >= self._warm_at:
            self._look()

    def turn_in(self) -> None:
        """The day is over. How dry it left them tires the next; everybody wakes up dry."""
        self.settle()
        self._dry = self.body.dryness
        self.up = False

    def doze_off(self) -> None:
        """Falls asleep."""
        self.settle()
        self.asleep, self._call_at, self._calm_until = True, None, None

    def wake(self) -> None:
        """Is awake again."""
        self.settle()
        self.asleep, self._call_at, self._calm_until = False, None, None

    def drink(self, ml: float) -> None:
        """Drinks, or eats what holds so much water."""
        self.settle()
        self.body.drink(ml)
        self._call_at = self._calm_until = None

    def free_until(self, until: float) -> float:
        """Up to when, from now to `until`, their body lets them be and nobody takes them away."""
        until = self.fate.undisturbed(self.t, until)
        if self._call_at is None or self.t >= self._look_at:
            if self._at_ease(until):
                return until
            self._call_at = self._next_call()
        return max(min(until, self._call_at), self.t)

    def must_go(self) -> bool:
        """Whether they feel an urge; an inflamed bladder may ask at any time."""
        if self._call_at is None:
            if self._at_ease(self.t):
                return False
            self._call_at = self._next_call()
        if self.t < self._call_at:
            return False
        self.settle()
        held = self.body.urge(self.felt.capacity)
        if self._sudden:
            self.because("toilet", "a sudden urge, though the bladder was only {0:.0%} full", held)
        else:
            self.because("toilet", "the bladder felt {0:.0%} full, enough to go", held)
        return True

    def void(self) -> None:
        """Empties the bladder; how full it will be before they feel it again is chance."""
        self.settle()
        self.relieve()
        self.trace.act("toilet", self.t, 1.0)
        urge = self.own.urge * self._day_urge * self.chance.spread(1, 0.2)
        self._urge_at = min(urge, _CANNOT_WAIT)

    def relieve(self) -> None:
        """Empties the bladder where no sensor is."""
        self.body.void()
        self._call_at = self._calm_until = None

    def _look(self) -> None:
        """What illness does by now, and how warm it is; says when to look again."""
        t = self.t
        if t >= self._warm_at:
            self.body.warmth_c = self._weather.indoors(t)
            self._warm_at = t + _WARMTH_S
        if t < self._look_at:
            return
        self.felt = felt_at(self._episodes, t) if self._episodes else WELL
        works = self.up and t < self._rose + _TABLET_S
        self.body.driven_ml_min = self.felt.dose_ml_min if works else 0.0
        ahead = [each.onset for each in self._episodes if each.onset > t]
        ill = any(each.onset <= t < each.end for each in self._episodes)
        self._look_at = min([*ahead, t + _FELT_S] if ill else ahead, default=NEVER)
        self._call_at = self._calm_until = None

    def _at_ease(self, until: float) -> bool:
        """Whether nothing can call them before `until`: seen at a glance, for it is asked often."""
        if self._calm_until is None:
            self._calm_until = self._lived + self.body.soonest(self._full_ml)
        return self._calm_until > until and self.t < self._look_at and self.felt is WELL

    @property
    def _full_ml(self) -> float:
        """What the bladder holds when it asks."""
        share = self.own.light_sleep if self.asleep else self._urge_at
        return share * self.felt.capacity * self.body.capacity_ml

    def _next_call(self) -> float:
        """When the bladder asks next, or an inflamed one for no reason."""
        self.settle()
        call = self.t + rounded(self.body.fills(self._full_ml, asleep=self.asleep))
        rate = self.felt.irritation * (0.5 if self.asleep else 1.0)
        sudden = self.t + self.chance.wait(3600 / rate) if rate > 0 else NEVER
        self._sudden = sudden < call
        return min(call, sudden)
