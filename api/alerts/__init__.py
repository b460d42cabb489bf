"""What staff do about alerts: see, claim, note, release, resolve."""
