"""What a routine is made of: visits, journeys, bustle, and who is there to be seen."""
