"""Turns public recordings of real homes into ours. A module per source, a line in the registry."""
