"""The centre's configuration laid over the hub's own file, held to the same rules as the file.

What is the hub's own stays so whatever the centre says: its name and home, its broker and networks,
its centre, its clock and where it keeps its things.
"""

from typing import Any, NamedTuple

import msgspec

from contract import Condition, HomeSettings, Outcome
from detectors.home_context import Situation
from gateway.settings import Settings, problem_in
from gateway.toml_file import explained, steps_in

_OF_THE_HUB = ("time_zone", "people", "health_every_s", "off")
DEAF = (
    "sensors: the list is empty, and the hub would no longer hear a call for help; allowed is at "
    "least one sensor, or to leave the part out"
)
_PARTS = ("budget", "risk", "outcomes", "context", "rules", "unusual_day", "sensors")


class Overlaid(NamedTuple):
    """What came of it.

    Attributes:
        settings: To run with; None where the configuration will not do.
        reason: Why it will not, with what is allowed.
        ignored: What this version does not know and left out, each by its place.
        parts: Those that the configuration gives.
        removed: Devices of help buttons that it says were taken away.
    """

    settings: Settings | None
    reason: str = ""
    ignored: tuple[str, ...] = ()
    parts: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()


def overlay(base: Settings, wanted: HomeSettings) -> Overlaid:
    """The settings file with each part replaced that the centre gives.

    An empty list of sensors takes the place of none: it is far more often a slip than a wish, and
    what it costs is a call for help.
    """
    if wanted.sensors == [] and base.sensors:
        return Overlaid(None, DEAF)
    document: dict[str, Any] = msgspec.to_builtins(base)
    said: dict[str, Any] = msgspec.to_builtins(wanted)
    ignored = sorted(wanted.unknown)
    for key in _OF_THE_HUB:
        if said.get(key) is not None:
            document["hub"][key] = said[key]
    if said.get("off"):
        ignored += [f"off.{word}" for word in said["off"] if word not in set(Condition)]
        document["hub"]["off"] = [word for word in said["off"] if word in set(Condition)]
    for part in _PARTS:
        if said.get(part) is not None:
            document[part] = _known(part, said[part], ignored)
    try:
        settings = msgspec.convert(document, Settings)
    except (msgspec.ValidationError, ValueError) as error:
        return Overlaid(None, _sentence(document, error), tuple(ignored))
    if wrong := problem_in(settings):
        return Overlaid(None, wrong, tuple(ignored))
    parts = (part for part in (*_OF_THE_HUB, *_PARTS) if said.get(part) is not None)
    removed = frozenset(wanted.removed_buttons or ())
    return Overlaid(settings, "", tuple(ignored), frozenset(parts), removed)


def trial(settings: Settings, checkpoint: bytes | None, at_work: Settings | None = None) -> str:
    """Whether detectors can be made for these settings and go on from what was learned.

    Args:
        settings: What is to be tried.
        checkpoint: What was learned.
        at_work: The settings of now: what cannot be made for these either is no objection.

    Returns:
        Why not; empty where they can. Nothing is changed by it.
    """
    from gateway.detecting import hub_engine  # noqa: PLC0415 - only a running hub pays for them
    from gateway.engine import Fault  # noqa: PLC0415 - as above

    faults: list[Fault] = []
    try:
        engine = hub_engine(settings.profile, settings.lag_s, faults.append)
        if lost := engine.unmade:
            lost -= hub_engine(at_work.profile, at_work.lag_s).unmade if at_work else set()
            error = next((one.error for one in faults if one.condition in lost), None)
            if error is not None:
                raise error  # noqa: TRY301 - as any other
        if checkpoint is not None:
            engine.restore(checkpoint)
    except Exception as error:  # noqa: BLE001 - whatever it is, the hub must not run into it
        return f"the detectors cannot work with it: {type(error).__name__}: {error}"
    return ""


def _known(part: str, said: Any, ignored: list[str]) -> Any:
    """A part without the entries that speak of what this version does not know."""
    if part == "budget":
        return _only(part, said, ignored)
    if part not in _WORDS:
        return said
    kept = []
    for index, entry in enumerate(said):
        strange = [key for key, words in _WORDS[part].items() if entry.get(key) not in words]
        strange += list(entry.get("$unknown", {}))
        if strange:
            ignored.append(f"{part}[{index}].{strange[0]}")
        else:
            kept.append({key: value for key, value in entry.items() if value is not None})
    return kept


def _only(part: str, said: dict[str, Any], ignored: list[str]) -> dict[str, Any]:
    ignored += [f"{part}.{word}" for word in said if word not in set(Condition)]
    return {word: value for word, value in said.items() if word in set(Condition)}


_WORDS: dict[str, dict[str, set[str]]] = {
    "outcomes": {"condition": set(Condition), "outcome": set(Outcome)},
    "context": {"situation": set(Situation)},
}


def _sentence(document: dict[str, Any], error: Exception) -> str:
    message = str(error)
    try:
        keys = steps_in(message, document, Settings)
        return explained(document, Settings, keys, message)[1]
    except (KeyError, IndexError, StopIteration, TypeError):
        return message  # no way to it can be named
