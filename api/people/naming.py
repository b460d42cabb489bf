"""Whether words speak of one of a home's people: by their name, apart from those who stay."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from api.people.identity import Identity

_WORD = re.compile(r"[^\W_]+")
_NO_NAMES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "rev", "sir", "dame", "and"})
"""Stand beside names, and tell nobody apart."""
_SHORTEST = 3
"""Letters; what is shorter ("J", "de") is in too many words to be looked for alone."""


@dataclass(frozen=True)
class Naming:
    """How somebody who leaves is spoken of.

    Attributes:
        words: Parts of their names that nobody who stays shares; any of them names them.
        phrases: Their names and forms of address, in full, unless somebody who stays has the same.
        household: Every part of everybody's names.
    """

    words: frozenset[str]
    phrases: tuple[tuple[str, ...], ...]
    household: frozenset[str]

    @classmethod
    def of(cls, leaves: Identity, stay: Iterable[Identity]) -> "Naming":
        """Tells `leaves` from those who stay: of a couple the surname alone names neither."""
        others = list(stay)
        theirs = {part for one in others for part in _parts(one)}
        shared = {phrase for one in others for phrase in _phrases(one)}
        own = _parts(leaves)
        return cls(
            words=frozenset(one for one in own - theirs if len(one) >= _SHORTEST),
            phrases=tuple(sorted(_phrases(leaves) - shared)),
            household=frozenset(own | theirs | _NO_NAMES),
        )

    def speaks_of(self, text: str) -> bool:
        """Whether the text names them, in capitals or not."""
        said = _words(text)
        return not self.words.isdisjoint(said) or any(_within(one, said) for one in self.phrases)

    def is_theirs(self, name: str) -> bool:
        """Whether an entry of this name is their own, or theirs together with others of the home.

        "Zebedee's daughter" names them, and is somebody else.
        """
        return self.speaks_of(name) and (
            _words(name) in self.phrases or self.household.issuperset(_words(name))
        )


def _parts(one: Identity) -> set[str]:
    return {*_words(one.name), *_words(one.preferred)} - _NO_NAMES


def _phrases(one: Identity) -> set[tuple[str, ...]]:
    return {_words(text) for text in (one.name, one.preferred, one.address_as)} - {()}


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.casefold()))


def _within(phrase: tuple[str, ...], said: tuple[str, ...]) -> bool:
    size = len(phrase)
    return any(said[at : at + size] == phrase for at in range(len(said) - size + 1))
