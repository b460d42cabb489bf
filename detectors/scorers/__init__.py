"""How odd a day is: scorers with river's interface, ours and those of river's that a home names."""
