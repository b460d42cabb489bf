"""What the sensors of a home make of what happens in it, vectorised over days at a time."""
