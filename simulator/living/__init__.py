"""People who live in homes, hour by hour, and what the sensors there see of that."""
