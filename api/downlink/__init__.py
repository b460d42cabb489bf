"""What the centre tells hubs: configurations and commands, and what became of them."""
