"""Which field answers for a new kind of business: proposed by likeness, decided by an office."""
