"""What our conditions, places and steps are in SCAIP's codes. Pure."""

import hashlib
from collections.abc import Mapping
from typing import NamedTuple

from api.channels.protocol import HEARTBEAT, Message, Told
from api.channels.scaip.codec import Mrq, fit
from api.channels.words import headline
from contract import Condition

AUTOMATIC, MANUAL, ALERT, CANCEL, TEST = "0009", "0010", "0011", "0019", "0102"
LOCAL_UNIT, TRIGGER, FALL, ACTIVITY = "0002", "0003", "0005", "0010"
WANDERING, CONTROLLER, MONITOR = "0015", "0045", "0049"
HOME = "002"
NO_VOICE = "no-voice:"


class Codes(NamedTuple):
    """Attributes: over: The status that says that it is over; None where there is none."""

    dty: str
    stc: str
    over: str | None = None


CODES: dict[str, Codes] = {
    Condition.HELP_BUTTON: Codes(TRIGGER, MANUAL),
    Condition.POSSIBLE_FALL: Codes(FALL, AUTOMATIC),
    Condition.NO_MOVEMENT: Codes(ACTIVITY, AUTOMATIC),
    Condition.NIGHT_WANDERING: Codes(WANDERING, AUTOMATIC),
    Condition.TEST_ALERT: Codes(LOCAL_UNIT, TEST),
    Condition.SENSOR_SILENT: Codes(MONITOR, "0073", "0075"),
    Condition.BATTERY_LOW: Codes(MONITOR, "0016", "0015"),
    Condition.HUB_SILENT: Codes(CONTROLLER, "0023", "0112"),
    Condition.HUB_RESTARTS: Codes(CONTROLLER, ALERT),
    Condition.HUB_DEAF: Codes(CONTROLLER, "0073", "0075"),
    Condition.HUB_FORGOT: Codes(CONTROLLER, ALERT),
    Condition.HUB_MEMORY: Codes(CONTROLLER, ALERT),
}
"""Conditions that have codes of their own; others are an alert of a monitoring device, or where
they are urgent its automatic alarm."""

PLACES: Mapping[str, str] = {
    "bathroom": "011", "toilet": "011", "bathroom_door": "011", "bedroom": "012", "bed": "012",
    "kitchen": "021", "kettle": "021", "fridge": "021", "front_door": "039", "hall": "042",
    "hallway": "042", "living_room": "043", "lounge": "043", "chair": "043",
}  # fmt: skip
_TOLD_ANEW = frozenset({"raise", "report", "escalate"})
_ENDED = frozenset({"resolve", "withdraw"})


class NoIdentity(LookupError):  # noqa: N818 - a home has none, nothing has failed
    """The receiver's number of this home was never set, and a guess might name the wrong person."""


def reference(key: str) -> str:
    """16 letters and digits, the same at every try of a message's key and of no other message."""
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def mrq_of(message: Message, homes: Mapping[str, str], centre: str) -> Mrq:
    """What a message is in SCAIP.

    Args:
        message: The message.
        homes: The receiver's number (`cid`) of each home.
        centre: Its number of the centre itself, for what is about no home, or many.

    Raises:
        NoIdentity: It has no number.
    """
    told = message.told
    cid = homes.get(told.home, "") if told.home else centre
    if not cid:
        raise NoIdentity("this destination has no cid for the home, or for the centre itself")
    ref = reference(message.key)
    if told.action == HEARTBEAT:
        return Mrq(ref=ref, mty="PI", cid=cid, dty=LOCAL_UNIT, stc="")
    codes = _codes(told)
    mty, stc = _step(told, codes)
    return Mrq(
        ref=ref, mty=mty, cid=cid, dty=codes.dty, stc=stc, crd=NO_VOICE,
        lco=PLACES.get(told.place.lower(), HOME), ite=fit(_explained(told), "ite"),
    )  # fmt: skip


def _codes(told: Told) -> Codes:
    otherwise = Codes(MONITOR, AUTOMATIC if told.lane == "urgent" else ALERT)
    return CODES.get(told.condition, otherwise)


def _step(told: Told, codes: Codes) -> tuple[str, str]:
    """The message's type and status. What only informs must not ring like an alarm."""
    if told.action in _TOLD_ANEW:
        return "ME", codes.stc
    if told.action == "clear" and codes.over:
        return "ME", codes.over
    if told.action in _ENDED:
        return "IN", CANCEL
    return "IN", codes.stc


def _explained(told: Told) -> str:
    return told.text if told.action in _TOLD_ANEW else f"{headline(told)}. {told.text}"
