"""The audit log: who read or did what, in chains of hashes that show when one is changed."""
