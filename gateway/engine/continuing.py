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
from gateway.engine.alert_book import AlertBook, Entry, Key

LOST = "The hub's memory was damaged, and nothing that it learned anew says that this still holds."

SET_BACK = "The hub's clock had stood ahead, and nothing that it learned anew says that this holds."

ANEW = "It was pressed anew later, which is told as a call of its own."

_CALLS = frozenset({Condition.HELP_BUTTON})
"""Somebody called, whenever it was: a wrong date takes nothing back. The newest call stands, and
one before it ends in its favour."""


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
    for key, call in _newest_calls(known.values(), at).items() if back else ():
        entries[key] = _called(entries.get(key), call, known, at, news)
    for key, entry in list(entries.items()):
        entries[key] = _continued(entry, known.pop(entry.alert.id, None), at, news)
    taken: dict[Key, Entry] = {}
    for alert in sorted(known.values(), key=lambda one: (one.raised_at, one.id)):
        key = Key(alert.condition, alert.subject)
        before = taken.get(key) or entries.get(key)
        if back and alert.raised_at > at:
            if alert.phase == Phase.OPEN:
                news.append(_over(alert, at, ANEW if key.condition in _CALLS else why))
            continue
        newer = before is not None and (
            before.alert.phase == Phase.OPEN or before.alert.raised_at > alert.raised_at
        )
        if alert.phase == Phase.OPEN and (newer or key not in last):
            ended = ANEW if newer and key.condition in _CALLS else why
            alert = _over(alert, at, ended)  # noqa: PLW2901 - as it is from now on
            news.append(alert)
        if not newer:  # also of what is over: its name must not be given again
            taken[key] = Entry(alert, alert.text if alert.phase == Phase.OPEN else "")
    book.restore(list({**entries, **taken}.values()))
    open_now = [key for key, entry in taken.items() if entry.alert.phase == Phase.OPEN]
    return news + _answered(book, [last[key] for key in open_now])


def _newest_calls(told: Iterable[Alert], at: datetime) -> dict[Key, Alert]:
    """The last call of each key, where it stands and is dated later than the present."""
    calls = [one for one in told if one.condition in _CALLS and one.phase == Phase.OPEN]
    calls.sort(key=lambda one: (one.raised_at, one.id))
    newest = {Key(one.condition, one.subject): one for one in calls}
    return {key: one for key, one in newest.items() if one.raised_at > at}


def _called(
    entry: Entry | None, call: Alert, known: dict[str, Alert], at: datetime, news: list[Alert]
) -> Entry:
    """What the book has in the place of a call that was dated later than the present.

    It was learned under another date, and goes on by its own name. Or it was not learned: then it
    stands as it was told, and what was learned in its place is an older call.
    """
    before = None if entry is None else known.get(entry.alert.id)
    if entry is not None and entry.alert.phase == Phase.OPEN and before is None:
        alert = msgspec.structs.replace(entry.alert, id=call.id)
        return msgspec.structs.replace(entry, alert=alert)
    if before is not None and before.phase == Phase.OPEN:
        news.append(_over(known.pop(before.id), at, ANEW))
    return Entry(msgspec.structs.replace(call, raised_at=at), call.text)


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
    over = msgspec.structs.replace(
        alert,
        phase=Phase.CLEARED,
        text=f"{alert.text} {why}".lstrip(),
        raised_at=min(alert.raised_at, at),  # none stands in a list under a day to come
    )
    return _after(over, at)


def _after(alert: Alert, at: datetime, version: int | None = None) -> Alert:
    number = (alert.version if version is None else version) + 1
    return msgspec.structs.replace(alert, version=number, updated_at=max(at, alert.updated_at))
