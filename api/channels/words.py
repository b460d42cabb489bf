"""What people are told in an e-mail or a text message. Pure."""

import re

from api.channels.protocol import HEARTBEAT, PROMPT, TEST, Told

ALIVE = "The monitoring centre is at work"
TRIED = "This is a test"
_DONE = {
    "raise": "raised", "report": "has changed", "clear": "is no longer observed",
    "claim": "claimed", "release": "given back", "lapse": "given back: its time ran out",
    "note": "has a new note", "resolve": "resolved", "escalate": "escalated",
    "withdraw": "withdrawn", "request": "needs your help",
}  # fmt: skip
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


def clean(text: str) -> str:
    """Without characters that steer a line, a terminal or a protocol."""
    return _UNSEEN.sub(" ", text.replace("\r\n", "\n"))


def headline(told: Told) -> str:
    """One line that names nobody, such as `Urgent alert 17 raised`."""
    if told.action == HEARTBEAT:
        return ALIVE
    if told.action == TEST:
        return TRIED
    done = _DONE.get(told.action, told.action.replace("_", " "))
    return _one_line(f"{told.lane} alert {told.alert} {done}".strip().capitalize())


def paragraphs(told: Told, *, full: bool, link: str) -> list[str]:
    """The headline, what was observed and what to do if that may be told, and where to look."""
    if told.action == PROMPT:
        return [clean(told.text)]
    said = [headline(told) + "."]
    if told.action == HEARTBEAT:
        return said
    if full:
        where = _one_line(told.label or told.home or "")
        said += [clean(f"{where}: {told.text}" if where else told.text), clean(told.prompt)]
    if link and told.alert:
        said.append(f"{link.rstrip('/')}/alerts/{told.alert}")
    return [one for one in said if one.strip()]


def shortened(text: str, longest: int) -> str:
    """At most `longest` characters, and seen to be shortened where it is."""
    return text if len(text) <= longest else text[: longest - 3].rstrip() + "..."


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())
