"""What the routine of a home is made of: visits, journeys, silences, and who is there to be seen."""
