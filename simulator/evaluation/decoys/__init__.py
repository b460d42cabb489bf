"""What must not be taken for illness: absence, company, faults of sensors and of messages."""
