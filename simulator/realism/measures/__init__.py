"""The measures, each a small function with its unit and its reason."""
