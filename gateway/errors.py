"""What a person has to mend before the hub can go on."""

AS_WHOM = "run this as root or as the hub's user"
"""What helps where rights are missing; anything else would cost the hub what it has."""


class HubError(Exception):
    """It cannot be done as things are. The sentence says what is wrong and what to do."""
