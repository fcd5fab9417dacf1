"""Trial grading: what an accident would be, without keeping anything."""
