"""What speaks on a broker, in which dialect, and what the hub could use it for."""
