"""Whether words speak of one of a home's people, apart from those who stay; strikes them out."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeAlias

from api.people.identity import Identity

_WORD = re.compile(r"[^\W_]+")
_NO_NAMES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "rev", "sir", "dame", "and"})
"""Stand beside names, and tell nobody apart."""
_SHORTEST = 3
"""Letters; what is shorter ("J", "de") is in too many words to be looked for alone."""
_TELLS_APART = 9
"""Digits that a telephone number ends with, however its country is written."""
_FEWEST_DIGITS = 5
_LEAST_OF_AN_ADDRESS = 3
"""Words: "Flat 2" alone is where others live too."""
ERASED = "[erased]"
"""Stands where somebody was named who is erased."""
_BETWEEN = r"[ ()./-]{0,3}"
Span: TypeAlias = tuple[int, int]


@dataclass(frozen=True)
class Naming:
    """How somebody who leaves is spoken of.

    Attributes:
        words: Parts of their names that nobody who stays shares; any of them names them.
        phrases: Their names, forms of address and address, in full, unless somebody who stays has
            the same.
        household: Every part of everybody's names.
        numbers: Digits that their telephone numbers end with, and their NHS number.
    """

    words: frozenset[str]
    phrases: tuple[tuple[str, ...], ...]
    household: frozenset[str]
    numbers: frozenset[str] = frozenset()

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
            numbers=_endings([leaves.phone, leaves.nhs_number])
            - _endings(each for one in others for each in (one.phone, one.nhs_number)),
        )

    def also(self, numbers: Iterable[str], stay: Iterable[str]) -> "Naming":
        """With telephone numbers of theirs that nobody who stays shares."""
        return replace(self, numbers=self.numbers | (_endings(numbers) - _endings(stay)))

    def speaks_of(self, text: str) -> bool:
        """Whether the text names them, in capitals or not."""
        return next(self._spans(text), None) is not None

    def struck(self, text: str) -> str:
        """The text with :data:`ERASED` wherever it names them."""
        spans = sorted(self._spans(text))
        kept, behind = "", 0
        for at, (begins, ends) in enumerate(spans):
            between = text[behind:begins]
            if at and not between.strip():  # "Joan Smith" is one
                between = ""
            elif begins >= behind:
                between += ERASED
            kept += between
            behind = max(behind, ends)
        return kept + text[behind:]

    def _spans(self, text: str) -> Iterator[Span]:
        said = [(one.group().casefold(), one.span()) for one in _WORD.finditer(text)]
        words = tuple(word for word, _ in said)
        yield from (span for word, span in said if word in self.words)
        for phrase in self.phrases:
            for at in _where(phrase, words):
                yield said[at][1][0], said[at + len(phrase) - 1][1][1]
        for digits in self.numbers:
            yield from (one.span() for one in _written(digits).finditer(text))

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
    names = {_words(text) for text in (one.name, one.preferred, one.address_as)}
    lines = {_words(text) for text in (one.address, *re.split(r"[,;\n]", one.address))}
    return {each for each in names if not _NO_NAMES.issuperset(each)} | {
        each for each in lines if len(each) >= _LEAST_OF_AN_ADDRESS
    }


def _words(text: str) -> tuple[str, ...]:
    return tuple(one.casefold() for one in _WORD.findall(text))


def _where(phrase: tuple[str, ...], said: tuple[str, ...]) -> Iterator[int]:
    size = len(phrase)
    return (at for at in range(len(said) - size + 1) if said[at : at + size] == phrase)


def _endings(numbers: Iterable[str]) -> frozenset[str]:
    digits = ("".join(each for each in one if each.isdecimal()) for one in numbers)
    return frozenset(one[-_TELLS_APART:] for one in digits if len(one) >= _FEWEST_DIGITS)


@lru_cache(64)
def _written(ending: str) -> re.Pattern[str]:
    """A number that ends so, whatever stands between its digits and before them."""
    before = rf"(?:\d{_BETWEEN}){{0,6}}" if len(ending) == _TELLS_APART else ""
    return re.compile(rf"(?<!\d)[+(]?{before}{_BETWEEN.join(ending)}(?!\d)")
