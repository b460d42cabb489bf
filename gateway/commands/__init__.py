"""The commands of `telecare-gateway` that concern the hub of this machine."""
