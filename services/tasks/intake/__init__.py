"""Taking hotline orders in, and telling at once of the dangers and deaths they speak of."""
