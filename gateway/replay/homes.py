"""What is known of the homes of a recording: the file given with `--homes`."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from detectors.profile import HomeProfile
from gateway.detecting import wrong_choice
from gateway.errors import HubError
from gateway.time_zones import is_known

ProfileOf = Callable[[str], HomeProfile]


class HomesError(HubError):
    """The file is wrong. The sentence names the file, the key and what is allowed."""


class _Homes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
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
        try:
            document = msgspec.convert(tomllib.loads(path.read_text("utf-8")), _Homes)
        except OSError as error:
            raise HomesError(f"{path}: {error.strerror}") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise HomesError(f"{path}: not TOML: {error}") from error
        except msgspec.ValidationError as error:
            raise HomesError(f"{path}: {error}; allowed are [default] and [homes.<id>]") from error
        self._default = document.default
        _profile(path, "default", {**self._default, "home": "default"})
        self._homes = {
            home: _profile(path, f"homes.{home}", {**self._default, **values, "home": home})
            for home, values in document.homes.items()
        }


def _profile(path: Path, table: str, values: dict[str, Any]) -> HomeProfile:
    try:
        profile = msgspec.convert(values, HomeProfile)
    except msgspec.ValidationError as error:
        allowed = ", ".join(name for name in HomeProfile.__struct_fields__ if name != "home")
        raise HomesError(f"{path}: [{table}]: {error}; allowed are {allowed}") from error
    if not is_known(profile.time_zone):
        raise HomesError(
            f"{path}: [{table}] time_zone: {profile.time_zone!r} is no time zone; "
            "use an IANA name such as Europe/London"
        )
    if profile.unusual_day is not None and (wrong := wrong_choice(profile.unusual_day)):
        raise HomesError(f"{path}: [{table}.unusual_day] {wrong[0]}: {wrong[1]}")
    return profile
