"""What can befall people and their homes, as data: illness, accidents, absence, company, faults."""
