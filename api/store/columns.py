"""Bounds of what the database's columns hold, for what comes from outside."""

from typing import Annotated, TypeAlias

import msgspec

Version: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]
"""How often something was changed: of an alert, a plan, a contact, a report."""
