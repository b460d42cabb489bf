"""What can go wrong between virtual hubs and a centre."""


class JoinError(Exception):
    """The centre does not know a hub, and will not come to know it. The sentence says why."""
