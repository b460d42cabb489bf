"""What a person has to mend before the hub can go on."""


class HubError(Exception):
    """It cannot be done as things are. The sentence says what is wrong and what to do."""
