"""The demonstration: a street, its hubs and a centre on one machine, all of them the real ones."""
