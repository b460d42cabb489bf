"""Plans, attempts, contacts, key safes and follow-up tasks of the centre."""
