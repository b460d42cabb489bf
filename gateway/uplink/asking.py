"""One question to the centre: asked by the centre's clock, and by the key that it knows."""

import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from gateway.uplink.centre import Centre
from gateway.uplink.token import Signer

T = TypeVar("T")


async def ask_as(
    signer: Signer,
    centre: Centre,
    ask: Callable[[str], Awaitable[T]],
    is_unknown: Callable[[T], bool],
) -> T:
    """What the centre says to a hub that may not know the time, and may be changing its key.

    Args:
        signer: Makes the tokens.
        centre: Whom `ask` asks.
        ask: Asks once, with a token.
        is_unknown: Whether by an answer the centre does not know the hub.
    """
    while True:
        token = signer.token(time.time())
        answer = await ask(token)
        if not is_unknown(answer):
            return answer
        misdated = centre.date is not None and signer.set_right(centre.date, time.time())
        if not (misdated or signer.refused(token)):
            return answer
