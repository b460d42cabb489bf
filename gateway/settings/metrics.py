"""`[metrics]`: how the hub fares, for Prometheus on the same machine."""

import msgspec

from gateway.settings.broker import Port


class Metrics(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[metrics]`.

    Attributes:
        port: On which `http://127.0.0.1:port/metrics` is served; without it nothing is.
    """

    port: Port | None = None
