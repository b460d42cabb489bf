"""Hubs: how they join, prove who they are, and deliver their journals exactly once."""
