"""A life in a made-up home, told as it is lived."""
