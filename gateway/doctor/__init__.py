"""Looks a hub over from end to end, and says for each thing that is wrong what to do."""
