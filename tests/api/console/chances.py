"""What is drawn by lot in a world that is to be the same each time: codes, keys, names of hubs."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from random import Random
from secrets import compare_digest
from types import ModuleType
from typing import TypeVar
from unittest.mock import patch
from uuid import UUID

import api.downlink.commands
import api.hubs.claims
import api.hubs.places
import api.identity.second_factor
import api.identity.tokens
import api.people.residents

T = TypeVar("T")
_SECRETS: tuple[ModuleType, ...] = (
    api.downlink.commands,
    api.hubs.claims,
    api.hubs.places,
    api.identity.second_factor,
    api.identity.tokens,
)


class Lots:
    """In the place of the modules `secrets` and `uuid`; all that is drawn follows from the seed."""

    compare_digest = staticmethod(compare_digest)

    def __init__(self, seed: str) -> None:
        self._random = Random(seed)  # noqa: S311 - what a picture shows is no secret

    def choice(self, of: Sequence[T]) -> T:
        return self._random.choice(of)

    def token_bytes(self, size: int) -> bytes:
        return self._random.randbytes(size)

    def token_hex(self, size: int) -> str:
        return self.token_bytes(size).hex()

    def token_urlsafe(self, size: int) -> str:
        return self.token_hex(size)

    def uuid4(self) -> UUID:
        return UUID(bytes=self.token_bytes(16), version=4)


@contextmanager
def drawn_from(seed: str) -> Iterator[None]:
    """Has the centre, where it runs in this process, draw by lot what follows from `seed`."""
    with ExitStack() as stack:
        for module in _SECRETS:
            lots = Lots(f"{seed} {module.__name__}")
            stack.enter_context(patch.object(module, "secrets", lots))
        lots = Lots(f"{seed} people")
        stack.enter_context(patch.object(api.people.residents, "uuid", lots))
        yield
