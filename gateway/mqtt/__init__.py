"""The broker's side of the hub: every message is acknowledged only once it is durable."""
