"""Every word the console shows, from one file for each language.

A text is looked up by its dotted key. Where it has plural forms, `n` chooses among them.
"""

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from markupsafe import Markup, escape

LANGUAGES = ("en",)

_PLURAL = {"one", "other"}


class Catalogue:
    """The texts of one language."""

    def __init__(self, texts: dict[str, Any]) -> None:
        self._texts = texts

    def __call__(self, key: str, /, **values: Any) -> Markup:
        """The text at `key` with its {names} filled in, safe to stand in HTML.

        Values are escaped unless they are Markup already, as a `<time>` element is.

        Raises:
            KeyError: There is no such text, or a name in it was not given.
        """
        found = self._find(key)
        if isinstance(found, dict):
            found = found["one" if values["n"] == 1 else "other"]
        # As Markup.format does, at a fraction of its cost: a page has thousands of these.
        filled = str(escape(found)).format(**{name: escape(v) for name, v in values.items()})
        return Markup(filled)  # noqa: S704 - each part is escaped

    def has(self, key: str) -> bool:
        """Whether there is a text, or a table of texts, at `key`."""
        try:
            self._find(key)
        except KeyError:
            return False
        return True

    def all_keys(self) -> set[str]:
        """Every key that :meth:`__call__` takes."""
        return set(_leaves(self._texts, ""))

    def _find(self, key: str) -> Any:
        found: Any = self._texts
        for part in key.split("."):
            found = found[part]
        return found


@cache
def catalogue(language: str = "en") -> Catalogue:
    """The texts of `language`, one of :data:`LANGUAGES`."""
    file = resources.files("api.console.text").joinpath(f"{language}.toml")
    return Catalogue(tomllib.loads(file.read_text("utf-8")))


def _leaves(texts: dict[str, Any], prefix: str) -> list[str]:
    found = []
    for name, value in texts.items():
        if isinstance(value, dict) and not value.keys() >= _PLURAL:
            found += _leaves(value, f"{prefix}{name}.")
        else:
            found.append(f"{prefix}{name}")
    return found
