"""Whether a time zone is one this machine knows."""

from zoneinfo import ZoneInfo


def is_known(name: str) -> bool:
    """Whether `name` is an IANA time zone such as `Europe/London`."""
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):  # unknown; no proper name; a folder of zones
        return False
    return True
