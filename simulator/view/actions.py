"""What keys do: a choice, another pace, or something that happens in the home that is shown."""

from collections.abc import Callable
from typing import Any

from simulator.faults import FAULTS
from simulator.live.street import LiveStreet
from simulator.living.episodes.registry import kind_of
from simulator.view.keys import DOWN, LEFT, RIGHT, UP
from simulator.view.screen import Scene

_PACES = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 600.0, 1800.0, 3600.0)
_HOUR_S = 3600.0

_EPISODES: dict[str, tuple[str, dict[str, Any], str]] = {
    "f": ("fall", {"days": 3 / 24}, "falls, and lies there for three hours"),
    "u": ("uti", {"days": 5}, "an infection sets in, for five days"),
    "a": ("holiday", {"days": 1}, "away for a day"),
    "p": ("power_cut", {"days": 0.5 / 24}, "a power cut, for half an hour"),
}
_SENSOR_EPISODES = {"s": ("sensor_death", "dies")}
_FAULTS: dict[str, tuple[str, float, dict[str, Any], str]] = {
    "b": (
        "flat_battery",
        float("inf"),
        {"fade_s": 6 * _HOUR_S, "first_pct": 14.0},
        "its battery warns, and is flat in six hours",
    ),
    "d": ("link_drop", _HOUR_S, {}, "its link drops for an hour"),
}


class Actions:
    """The keys of one view.

    Args:
        street: That is watched.
        scene: That is shown.

    Attributes:
        over: Whether it was told to quit.
    """

    def __init__(self, street: LiveStreet, scene: Scene) -> None:
        self.over = False
        self._street = street
        self._scene = scene
        self._plain: dict[str, Callable[[], None]] = {
            UP: lambda: self._choose_home(-1),
            DOWN: lambda: self._choose_home(1),
            LEFT: lambda: self._choose_sensor(-1),
            RIGHT: lambda: self._choose_sensor(1),
            "+": lambda: self._change_pace(1),
            "=": lambda: self._change_pace(1),
            "-": lambda: self._change_pace(-1),
            " ": self._pause,
            "e": self._explain,
            "?": self._help,
            "q": self._quit,
        }
        self._choose_sensor(0)

    def press(self, key: str) -> None:
        """Does what a key stands for; what came of it is noted in the scene."""
        if key in self._plain:
            self._plain[key]()
        elif key in _EPISODES or key in _SENSOR_EPISODES or key in _FAULTS:
            self._happen(key)

    def _happen(self, key: str) -> None:
        try:
            words = self._befall(key) if key not in _FAULTS else self._spoil(key)
        except ValueError as error:
            self._scene.note = f"not here: {error}"
        else:
            self._scene.note = f"{self._scene.names[self._scene.home]}: {words}"

    def _befall(self, key: str) -> str:
        sensor = self._scene.sensor
        if key in _EPISODES:
            kind, options, words = _EPISODES[key]
        else:
            kind, verb = _SENSOR_EPISODES[key]
            options, words = dict[str, Any](sensor=sensor), f"{sensor} {verb}"
        episode = kind_of(kind).begin(self._street.at, **options)
        self._street.befall(self._scene.home, episode)
        return words

    def _spoil(self, key: str) -> str:
        name, seconds, chosen, words = _FAULTS[key]
        sensor = self._scene.sensor
        fault = FAULTS[name].make(onset=self._street.at, duration=seconds, device=sensor, **chosen)
        self._street.spoil(self._scene.home, fault)
        return f"{sensor}: {words}"

    def _choose_home(self, step: int) -> None:
        self._scene.home = (self._scene.home + step) % len(self._scene.names)
        self._choose_sensor(0)

    def _choose_sensor(self, step: int) -> None:
        home = self._street.homes[self._scene.home].home
        sensors = [role.sensor for role in home.sensors]
        now = self._scene.sensor
        at = sensors.index(now) if now in sensors else 0
        self._scene.sensor = sensors[(at + step) % len(sensors)]

    def _change_pace(self, step: int) -> None:
        clock = self._street.clock
        faster = [pace for pace in _PACES if pace > clock.speed]
        slower = [pace for pace in _PACES if pace < clock.speed]
        choice = faster[:1] if step > 0 else slower[-1:]
        if choice and clock.speed:
            clock.change(choice[0], at=self._street.at)
            self._scene.note = f"{choice[0]:g} times life"

    def _pause(self) -> None:
        self._street.clock.pause(at=self._street.at)
        self._scene.note = "paused; space goes on" if self._street.clock.paused else ""

    def _explain(self) -> None:
        self._scene.explains = not self._scene.explains

    def _help(self) -> None:
        self._scene.helps = not self._scene.helps

    def _quit(self) -> None:
        self.over = True
