"""One home as staff see it: its sensors, its hub, its week."""
