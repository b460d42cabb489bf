"""The hub's settings file: one table a module, read and checked as a whole."""

from gateway.settings.broker import Broker
from gateway.settings.centre import Centre, proxy_problem, url_problem
from gateway.settings.hub import Clock, Hub
from gateway.settings.journal import Journal
from gateway.settings.metrics import Metrics
from gateway.settings.places import Files, files
from gateway.settings.reading import load, problem_in
from gateway.settings.sensor import Sensor
from gateway.settings.whole import Settings

__all__ = [
    "Broker",
    "Centre",
    "Clock",
    "Files",
    "Hub",
    "Journal",
    "Metrics",
    "Sensor",
    "Settings",
    "files",
    "load",
    "problem_in",
    "proxy_problem",
    "url_problem",
]
