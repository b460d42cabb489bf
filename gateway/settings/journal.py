"""`[journal]`: how much of the past the hub keeps."""

from typing import Annotated

import msgspec


class Journal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[journal]`: how much of the past the hub keeps once the centre has it.

    Attributes:
        keep_days: Days for which records are kept; a newer detector learns from them.
        keep_mb: Megabytes that they may take; where they take more, the oldest go sooner.
    """

    keep_days: Annotated[int, msgspec.Meta(ge=28, le=3650)] = 120
    keep_mb: Annotated[int, msgspec.Meta(ge=16, le=65_536)] = 500
