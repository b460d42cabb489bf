"""From what devices say to what a person did: edges, not states; uses, not watts."""

from gateway.normaliser.normaliser import Heard, Normaliser

__all__ = ["Heard", "Normaliser"]
