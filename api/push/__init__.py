"""Browsers of staff that want to be nudged when an alert waits."""
