"""The way to the centre: what it has not received is sent until it says that it has."""
