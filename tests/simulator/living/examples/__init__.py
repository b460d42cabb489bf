"""A habit, an episode and a sensor as docs/simulator-extending.md adds them.

The page quotes each file as it stands, in one block. test_examples.py holds it to that, and runs
them.
"""
