"""Settings with which a hub hears each event of a home exactly once."""

from simulator.hub_settings.settings import HubFor, hub_settings, sensor_as_fitted, sensor_of

__all__ = ["HubFor", "hub_settings", "sensor_as_fitted", "sensor_of"]
