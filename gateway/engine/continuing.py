"""Alerts that were told go on in a book that was learned anew, as the centre knows them.

Who learns anew counts versions from 1, may raise an alert at another moment, and may lack events
from which one once arose. The centre takes no version that is not newer than the one it has. So
each alert goes on from its newest version, and what stands open at the centre alone is judged by
the last answer, or cleared.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from contract import Alert, Assessment, Condition, Phase
from gateway.engine.book import AlertBook, Entry, Key

LOST = "The hub's memory was damaged, and nothing that it learned anew says that this still holds."


SET_BACK = "The hub's clock had stood ahead, and nothing that it learned anew says that this holds."

_CALLS = frozenset({Condition.HELP_BUTTON})
"""Somebody called, whenever it was: a wrong date takes nothing back."""


def go_on(
    book: AlertBook,
    told: Iterable[Alert],
    last: Mapping[Key, Assessment],
    at: datetime,
    *,
    back: bool = False,
) -> list[Alert]:
    """Lays what was told over a book.

    Args:
        book: Learned anew; goes on from what was told.
        told: The newest version of each alert of its conditions that was ever told.
        last: The last answer of each condition and subject while it was learned.
        at: The present moment.
        back: Whether time was set back: what is dated after it is over, but for calls for help.

    Returns:
        The versions that the centre lacks.
    """
    why = SET_BACK if back else LOST
    known = {one.id: one for one in told}
    entries = {Key(e.alert.condition, e.alert.subject): e for e in book.entries()}
    news: list[Alert] = []
    calls = _calls_ahead(known.values(), at) if back else {}
    for key, entry in list(entries.items()):
        if (call := calls.get(key)) is not None and call.id != entry.alert.id:
            # The newer call is the one that stands: an older one is not reopened beside it.
            del entries[key]
            older = known.pop(entry.alert.id, None)
            if older is not None and older.phase == Phase.OPEN:
                news.append(_over(older, at, why))
            continue
        entries[key] = _continued(entry, known.pop(entry.alert.id, None), at, news)
    taken: dict[Key, Entry] = {}
    kept: dict[Key, Entry] = {}
    for alert in sorted(known.values(), key=_raised):
        key = Key(alert.condition, alert.subject)
        before = taken.get(key) or entries.get(key)
        if back and alert.raised_at > at:
            if calls.get(key) is alert:
                # Its presses are of no time that was: the next one is news, also in the same words.
                now_held = msgspec.structs.replace(alert, raised_at=at, evidence=[])
                kept[key] = Entry(now_held, alert.text)
            elif alert.phase == Phase.OPEN:
                news.append(_over(alert, at, why))
            continue
        newer = before is not None and (
            before.alert.phase == Phase.OPEN or before.alert.raised_at > alert.raised_at
        )
        if alert.phase == Phase.OPEN and (newer or key not in last):
            alert = _over(alert, at, why)  # noqa: PLW2901 - as it is from now on
            news.append(alert)
        if not newer:  # also of what is over: its name must not be given again
            taken[key] = Entry(alert, alert.text if alert.phase == Phase.OPEN else "")
    book.restore(list({**entries, **taken, **kept}.values()))
    open_now = [key for key, entry in taken.items() if entry.alert.phase == Phase.OPEN]
    return news + _answered(book, [last[key] for key in open_now])


def _calls_ahead(told: Iterable[Alert], at: datetime) -> dict[Key, Alert]:
    """The newest call for help that stands, of each key, where it is dated after a moment."""
    calls = [
        one
        for one in told
        if one.condition in _CALLS and one.phase == Phase.OPEN and one.raised_at > at
    ]
    return {Key(one.condition, one.subject): one for one in sorted(calls, key=_raised)}


def _raised(alert: Alert) -> tuple[datetime, str]:
    return alert.raised_at, alert.id


def _continued(entry: Entry, told: Alert | None, at: datetime, news: list[Alert]) -> Entry:
    """An entry with its versions counted on; adds what the centre lacks of it."""
    mine = entry.alert
    if told is None:
        if mine.phase == Phase.OPEN:
            news.append(mine)
        return entry
    if Phase.OPEN not in {mine.phase, told.phase}:
        alert = msgspec.structs.replace(mine, version=told.version)
        return msgspec.structs.replace(entry, alert=alert)
    as_told = msgspec.structs.replace(mine, version=told.version, updated_at=told.updated_at)
    if as_told == told:
        return msgspec.structs.replace(entry, alert=told)
    if mine.phase != Phase.OPEN:  # the book keeps no words of what is over
        as_told = msgspec.structs.replace(told, phase=mine.phase)
    alert = _after(as_told, max(mine.updated_at, at))
    news.append(alert)
    kept = alert if mine.phase == Phase.OPEN else _after(mine, at, told.version)
    return msgspec.structs.replace(entry, alert=kept)


def _answered(book: AlertBook, answers: Sequence[Assessment]) -> list[Alert]:
    """What the last answers make of alerts that the book had not raised by itself."""
    return [alert for one in answers if (alert := book.take(one)) is not None]


def _over(alert: Alert, at: datetime, why: str) -> Alert:
    text = f"{alert.text} {why}".lstrip()
    return _after(msgspec.structs.replace(alert, phase=Phase.CLEARED, text=text), at)


def _after(alert: Alert, at: datetime, version: int | None = None) -> Alert:
    number = (alert.version if version is None else version) + 1
    return msgspec.structs.replace(alert, version=number, updated_at=max(at, alert.updated_at))
