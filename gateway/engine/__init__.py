"""From events to alerts: pure, on event time, the same for the same journal."""

from gateway.engine.alert_book import AlertBook
from gateway.engine.engine import Engine
from gateway.engine.ordering import OrderingEngine
from gateway.engine.outputs import DetectorFactory, Fault
from gateway.engine.watermark import LAG_S, Watermark

__all__ = [
    "LAG_S",
    "AlertBook",
    "DetectorFactory",
    "Engine",
    "Fault",
    "OrderingEngine",
    "Watermark",
]
