"""From the broker's messages to what is journalled of them: who speaks, and when it counts."""
