"""The kinds of events that are asked for at each event, as plain words.

Looking up a member of an enum takes longer than all else that a detector does with most events.
"""

from contract import Kind

MOTION = str(Kind.MOTION)
OPENING = str(Kind.OPENING)
GAIT_SPEED = str(Kind.GAIT_SPEED)
BUTTON = str(Kind.BUTTON)
LINK = str(Kind.LINK)

ANY = frozenset(map(str, Kind))
NONE: frozenset[str] = frozenset()
