"""The hub's own engine over recordings of any number of homes, as fast as the machine allows."""
