"""Parts of addresses that several rooms take, with their bounds."""

from typing import Annotated

from fastapi import Path

AlertId = Annotated[int, Path(ge=1, le=2**63 - 1, description="The centre's number for the alert.")]
NAME = r"^[^\x00-\x1f]+$"
"""What a name of a home or a hub in an address looks like."""
Name = Annotated[str, Path(min_length=1, max_length=128, pattern=NAME)]
