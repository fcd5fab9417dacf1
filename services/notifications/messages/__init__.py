"""Messages and their deliveries: one row for each recipient and channel, whatever became of it."""
