"""The staff console: pages that are right even if an event was missed or a script did not run."""

from api.console.app import mount

__all__ = ["mount"]
