"""The words that settings are made of, and which of them no program could use."""

import re
from ipaddress import ip_address
from typing import Annotated, Any

import msgspec

from gateway.toml_file import Step

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=128)]

# Both become part of topics, addresses and file names. `add-hub` and install.sh hold them to this.
HubName = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$",
        description="a name of 1 to 64 letters, digits, '.', '_' and '-', of which a "
        "letter or digit comes first",
    ),
]
HomeName = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$",
        description="a name of 1 to 128 letters, digits, '.', '_' and '-', of which a "
        "letter or digit comes first",
    ),
]

_HOST = re.compile(r"(?!-)[\w-]+(\.[\w-]+)*\.?", re.ASCII)
"""Homes have machines with an underscore in their names."""


def unprintable(table: str, said: Any) -> dict[tuple[Step, ...], str]:
    """The texts of a table that hold what cannot be printed, each with what is allowed."""
    return {
        (table, key): f"{value!r} will not do; allowed are printable characters"
        for key, value in msgspec.structs.asdict(said).items()
        if isinstance(value, str) and not value.isprintable()
    }


def is_host(name: str) -> bool:
    """Whether it is an address or a name that a resolver would take."""
    try:
        ip_address(name)
    except ValueError:
        pass
    else:
        return True
    try:
        return _HOST.fullmatch(name.encode("idna").decode()) is not None
    except UnicodeError:  # a resolver raises it too, which no caller expects
        return False
