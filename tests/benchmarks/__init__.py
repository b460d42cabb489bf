"""What a core does in a second, and what a hub needs: figures beside those of peers in one run."""
