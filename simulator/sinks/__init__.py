"""Where lives go as they are lived: brokers, recordings, engines, hubs, a terminal."""

from simulator.sinks.sink import Sink

__all__ = ["Sink"]
