"""The commands of `telecare-api`, a module each; :mod:`api.cli` imports the one asked for."""
