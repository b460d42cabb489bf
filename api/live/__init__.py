"""Live updates: from NOTIFY in the database to server-sent events in the browser."""
