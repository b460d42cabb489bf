"""What is known of the homes of a recording: the file given with `--homes`."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from contract import Condition
from detectors.profile import HomeProfile
from gateway.detecting import wrong_choice
from gateway.errors import HubError
from gateway.time_zones import is_known
from gateway.toml_file import allowed, explained, steps_in

ProfileOf = Callable[[str], HomeProfile]


class HomesError(HubError):
    """The file is wrong. The sentence names the file, the key and what is allowed."""


class HomesFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file: `[default]` for every home, `[homes.<id>]` for one."""

    default: dict[str, Any] = {}
    homes: dict[str, dict[str, Any]] = {}


class Profiles:
    """The profile of each home: what the file says of it, else the defaults.

    Picklable, so that it travels to worker processes.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._default: dict[str, Any] = {}
        self._homes: dict[str, HomeProfile] = {}
        if path is not None:
            self._read(path)

    def __call__(self, home: str) -> HomeProfile:
        """The profile of `home`."""
        known = self._homes.get(home)
        return known or msgspec.convert({**self._default, "home": home}, HomeProfile)

    def _read(self, path: Path) -> None:
        document = read_homes(path)
        self._default = document.default
        checked(path, "default", {**self._default, "home": "default"})
        self._homes = {
            home: checked(path, f"homes.{home}", {**self._default, **values, "home": home})
            for home, values in document.homes.items()
        }


def read_homes(path: Path) -> HomesFile:
    """Reads a file of homes; what stands in its tables is not looked at.

    Raises:
        HomesError: There is no such file, or it has other tables.
    """
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), HomesFile)
    except OSError as error:
        raise HomesError(f"{path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise HomesError(f"{path}: not TOML: {error}") from error
    except msgspec.ValidationError as error:
        raise HomesError(f"{path}: {error}; allowed are [default] and [homes.<id>]") from error


def checked(path: Path, table: str, values: dict[str, Any]) -> HomeProfile:
    """The profile that the values of a table make.

    Raises:
        HomesError: They make none.
    """
    try:
        profile = msgspec.convert(values, HomeProfile)
    except msgspec.ValidationError as error:
        keys = steps_in(str(error), values, HomeProfile)
        if keys[:1] == ("rules",):
            _, wrong = explained(values, HomeProfile, keys, str(error))
            raise HomesError(f"{path}: [{table}]: {wrong}") from error
        if "; allowed" in str(error):  # it says so itself
            raise HomesError(f"{path}: [{table}]: {error}") from error
        raise HomesError(f"{path}: [{table}]: {error}{_allowed(values, str(error))}") from error
    if not is_known(profile.time_zone):
        raise HomesError(
            f"{path}: [{table}] time_zone: {profile.time_zone!r} is no time zone; "
            "use an IANA name such as Europe/London"
        )
    for condition in profile.budget:
        if condition not in set(Condition):
            raise HomesError(
                f"{path}: [{table}] budget: {condition!r} is no condition; "
                f"allowed are {', '.join(Condition)}"
            )
    if profile.unusual_day is not None and (slip := wrong_choice(profile.unusual_day)):
        raise HomesError(f"{path}: [{table}.unusual_day] {slip[0]}: {slip[1]}")
    return profile


def _allowed(values: dict[str, Any], message: str) -> str:
    """What is allowed instead, to go on with; empty where it goes without saying."""
    if " - at `" in message:
        found = allowed(HomeProfile, values, message)
        return found and f"; {found}"
    names = (name for name in HomeProfile.__struct_fields__ if name != "home")
    return f"; allowed are {', '.join(names)}"
