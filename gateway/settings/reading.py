"""Reads the settings, and checks what their types alone cannot tell."""

from collections.abc import Mapping
from pathlib import Path

from contract import Condition
from contract.vocabulary import MAY_BE_OFF
from detectors.rules.registry import named_twice
from gateway.detecting import wrong_choice
from gateway.settings.broker import broker_slips, network_slips
from gateway.settings.centre import proxy_problem, url_problem
from gateway.settings.environment import Environment
from gateway.settings.places import files
from gateway.settings.sensor import sensor_slips
from gateway.settings.whole import Settings
from gateway.settings.words import unprintable
from gateway.time_zones import is_known
from gateway.toml_file import Step, dotted, read_toml, slip


def load(path: Path, variables: Mapping[str, str] | None = None) -> Settings:
    """Reads a settings file.

    Args:
        path: The file.
        variables: The environment, whose settings stand above the file's; None for none.

    Raises:
        TomlError: The sentence names the file and line, or the variable, and what is allowed.
    """
    environment = Environment(variables or {})
    settings = read_toml(path, Settings, environment)
    for keys, wrong in _slips(settings).items():  # what the types alone cannot tell
        raise slip(path, keys, wrong, environment)
    if (taken := _file_in_the_way(files(path, settings).journal.parent)) is not None:
        wrong = f"{taken} is a file; allowed is a folder, which need not be there yet"
        raise slip(path, ("hub", "data"), wrong, environment)
    return settings


def problem_in(settings: Settings) -> str:
    """What is wrong with settings that did not come from a file, or "" where nothing is."""
    return "; ".join(f"{dotted(keys)}: {wrong}" for keys, wrong in _slips(settings).items())


def _file_in_the_way(folder: Path) -> Path | None:
    """The file that stands where a folder is to be, or one above it."""
    for one in (folder, *folder.parents):
        try:
            if one.is_file():
                return one
        except OSError:  # not for this user to see
            return None
    return None


def _slips(settings: Settings) -> dict[tuple[Step, ...], str]:
    found: dict[tuple[Step, ...], str] = {}
    zone = settings.hub.time_zone
    if not is_known(zone):
        found["hub", "time_zone"] = (
            f"{zone!r} is no time zone; allowed is an IANA name such as Europe/London"
        )
    if settings.centre is not None and (wrong := url_problem(settings.centre.url)):
        found["centre", "url"] = wrong
    if settings.centre is not None and (wrong := proxy_problem(settings.centre.proxy)):
        found["centre", "proxy"] = wrong
    found |= unprintable("hub", settings.hub) | broker_slips(settings.broker)
    found |= network_slips(settings.heard)
    found |= _condition_slips(settings)
    if (twice := named_twice(settings.rules)) is not None:
        index, name = twice
        found["rules", index, "name"] = f"{name!r} names a rule above; allowed is each name once"
    if settings.unusual_day is not None and (wrong_key := wrong_choice(settings.unusual_day)):
        found["unusual_day", wrong_key[0]] = wrong_key[1]
    for index, sensor in enumerate(settings.sensors):
        found |= sensor_slips(index, sensor, settings.sensors[:index])
    return found


def _condition_slips(settings: Settings) -> dict[tuple[Step, ...], str]:
    found: dict[tuple[Step, ...], str] = {}
    for condition in settings.budget:
        if condition not in list(Condition):
            known = ", ".join(Condition)
            found["budget", condition] = f"{condition!r} is no condition; allowed are {known}"
    for index, condition in enumerate(settings.hub.off):
        if condition not in MAY_BE_OFF:
            known = ", ".join(MAY_BE_OFF)
            why = "stays on" if condition in list(Condition) else "is no condition"
            found["hub", "off", index] = f"{condition!r} {why}; allowed are {known}"
    return found
