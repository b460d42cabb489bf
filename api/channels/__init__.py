"""Ways out of the centre, one folder each, behind :class:`api.channels.protocol.Channel`."""
