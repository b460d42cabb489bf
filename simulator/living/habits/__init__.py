"""What people do, each with hours and reasons of its own."""
