"""Rules that staff set for one home: each kind is a typed form and the watch that keeps it."""
