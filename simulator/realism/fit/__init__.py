"""Fits made-up people and homes to real ones: `python -m simulator.realism.fit`."""
