"""Texts of others in tables that spreadsheets open. Pure."""

from typing import TypeVar

T = TypeVar("T")

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What spreadsheets take for the beginning of a formula; the last four are the wide forms."""


def harmless(value: T) -> T | str:
    """A value as it is; a text that a spreadsheet would reckon with, behind an apostrophe."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
