"""Who lives in a home, what they agreed to, when nobody watches, and how all of it is let go."""
