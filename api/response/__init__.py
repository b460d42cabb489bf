"""What is done about an alert: plans, attempts, contacts, the key safe, what is left for later."""
