"""What the hub tells of itself: that it is deaf, or that something in it or near it fails."""
