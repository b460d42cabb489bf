"""How the hub fares, for Prometheus on the same machine; off unless the settings name a port."""
