"""The floor as it is now: what waits, whether promises are kept, what is heard, who does what."""
