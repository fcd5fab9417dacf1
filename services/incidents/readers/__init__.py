"""Who opened which accident, and what of it."""
