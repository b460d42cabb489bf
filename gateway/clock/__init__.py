"""What time it is by the hub, and what follows where that leaps or is set back."""
