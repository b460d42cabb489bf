"""Several device networks on one broker, heard as one."""

from collections.abc import Iterable

from paho.mqtt.client import topic_matches_sub

from gateway.dialects.fields import nothing
from gateway.dialects.network import Network
from gateway.dialects.protocol import Decoded, Dialect, DialectError
from gateway.dialects.registry import DIALECTS


def understands(dialect: Dialect, topic: str) -> bool:
    """Whether a dialect listens to a topic."""
    return any(topic_matches_sub(one, topic) for one in dialect.topics)


class Networks:
    """A dialect made of dialects: each reads what it subscribes to.

    Where one topic is of two networks, the first that finds something in the message reads it.
    """

    def __init__(self, dialects: Iterable[Dialect]) -> None:
        self._dialects = [(dialect, dialect.topics) for dialect in dialects]

    @property
    def topics(self) -> list[str]:
        """Those of all, each once."""
        return list(dict.fromkeys(topic for _, topics in self._dialects for topic in topics))

    @property
    def lists(self) -> list[str]:
        """Those of all, each once."""
        return list(dict.fromkeys(one for dialect, _ in self._dialects for one in dialect.lists))

    def base_of(self, topic: str, payload: bytes) -> str | None:
        """As the first of them says that knows it."""
        told = (dialect.base_of(topic, payload) for dialect, _ in self._dialects)
        return next((base for base in told if base is not None), None)

    def decode(self, topic: str, payload: bytes) -> Decoded:
        """Reads one message.

        Raises:
            DialectError: No network whose topic it is can use it.
        """
        refused: DialectError | None = None
        passed_over = nothing()
        for dialect, topics in self._dialects:
            if not any(topic_matches_sub(one, topic) for one in topics):
                continue
            try:
                decoded = dialect.decode(topic, payload)
            except DialectError as error:
                refused = refused or error
                continue
            if decoded.readings or decoded.problems or decoded.news:
                return decoded
            passed_over = decoded
        if refused is not None:
            raise refused
        return passed_over


def spoken_in(networks: Iterable[Network]) -> Dialect:
    """What a hub must understand to hear all of these networks."""
    dialects = [DIALECTS[one.dialect](one.base) for one in networks]
    return dialects[0] if len(dialects) == 1 else Networks(dialects)
