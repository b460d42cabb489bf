"""Signing in by the word of an OpenID provider: the client's own directory says who works there."""
