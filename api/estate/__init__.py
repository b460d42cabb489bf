"""All hubs of a client at once: which are at work, and which want looking at."""
