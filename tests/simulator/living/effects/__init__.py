"""What each kind of episode must show in the sensors: direction and size, over a population.

The same people live twice, with and without the episode, and means over all of them are compared.
Homes are noisy, so each test says within which bounds its ratio must lie; they are set so that the
test fails if the effect were gone, or twice as large.
"""
