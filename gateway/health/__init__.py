"""How the hub and its machine fare: its heartbeat, and what feeds the watchdog."""
