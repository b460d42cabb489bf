"""Whom to call before anything happens, and how somebody does who is getting back on their feet."""
