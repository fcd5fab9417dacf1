"""Periods of what follows an accident: when they end, and telling that one ended unmet."""
