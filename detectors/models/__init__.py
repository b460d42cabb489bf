"""Small online models: what is usual for one person, and whether it has changed.

All are plain msgspec structs, so that a detector's state is its snapshot. Methods follow river's
names: `learn_one` takes in one observation, `score_one` says what it thinks of one.
"""
