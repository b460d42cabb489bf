"""What a dry run changes: a file of the same form as `--homes`, laid over each home's profile."""

from pathlib import Path
from typing import Any

import msgspec

from detectors.profile import HomeProfile
from gateway.replay.homes import checked, read_homes


class Changes:
    """What the file changes in each home.

    A key that the file names takes the place of the home's own; tables (such as `budget` and
    `risk`) are laid over one another key by key, and lists (such as `outcomes`) replaced as a
    whole. Picklable, so that it travels to worker processes.

    Attributes:
        homes: The homes that the file names.

    Raises:
        HomesError: The file is wrong. The sentence says what is allowed.
    """

    def __init__(self, path: Path) -> None:
        document = read_homes(path)
        self._path = path
        self._default = document.default
        self._homes = document.homes
        self.homes = frozenset(document.homes)
        self(HomeProfile(home="default"))
        for home in document.homes:  # a slip is told before anything is read
            self(HomeProfile(home=home))

    def __call__(self, profile: HomeProfile) -> HomeProfile:
        """The profile with the change; equal to it where the file changes nothing."""
        own = self._homes.get(profile.home, {})
        change = _over(self._default, own)
        values = _over(msgspec.to_builtins(profile), {**change, "home": profile.home})
        table = f"homes.{profile.home}" if own else "default"
        return checked(self._path, table, values)


def _over(base: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """One table laid over another."""
    return {
        **base,
        **{
            key: _over(base[key], value)
            if isinstance(value, dict) and isinstance(base.get(key), dict)
            else value
            for key, value in change.items()
        },
    }
