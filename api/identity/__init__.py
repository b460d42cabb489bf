"""Who may use the centre: staff, their sessions, and the brakes on guessing."""
