"""JSON answers, encoded by msgspec."""

from typing import Any

import msgspec
from fastapi import Response

_encoder = msgspec.json.Encoder()


class Json(Response):
    """A JSON answer from any msgspec type, dataclass or built-in."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """Encodes in one pass."""
        return _encoder.encode(content)
