"""Hubs that are not heard: found by the clock, told once, as one alert where many fall silent."""
