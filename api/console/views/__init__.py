"""What a template shows, made from what the services answer. Pure: time comes in by argument."""
