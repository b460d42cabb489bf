"""When each message is due, at any speed."""

from collections.abc import Callable

Clock = Callable[[], float]
Sleep = Callable[[float], None]


class Pace:
    """Holds back what is not due yet.

    Args:
        speed: How many times faster than life; 0 holds nothing back.
        clock: Seconds that only rise.
        sleep: Waits for so many seconds.
    """

    def __init__(self, speed: float, *, clock: Clock, sleep: Sleep) -> None:
        self._speed = speed
        self._clock = clock
        self._sleep = sleep
        self._zero: tuple[float, float] | None = None

    def wait_for(self, t: float) -> None:
        """Waits until what happened at `t` is due. The first instant asked for is due at once.

        What is late is made up for as fast as it goes: being held up moves nothing later.
        """
        if self._zero is None:
            self._zero = (t, self._clock())
        if not self._speed:
            return
        start, began = self._zero
        early = began + (t - start) / self._speed - self._clock()
        if early > 0:
            self._sleep(early)
