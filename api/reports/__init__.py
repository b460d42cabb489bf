"""What a centre did in a period: for those who run it, and for those who pay for it."""
