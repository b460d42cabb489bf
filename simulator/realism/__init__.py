"""How like real homes made-up ones are: measures with distances, and a learner that tries to tell.

The package itself imports no learner and draws nothing; `assess` does, with the extra `realism`.
"""
