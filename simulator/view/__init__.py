"""A street watched in a terminal, with keys that make things happen now."""
