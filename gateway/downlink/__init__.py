"""What the centre tells the hub: taken once, kept through a power cut, answered."""
