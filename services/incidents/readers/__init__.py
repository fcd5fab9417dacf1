"""Opening an accident in full, and who opened which, when and what of it."""
