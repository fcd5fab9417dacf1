"""The team of an investigation: who sits on it for which organ, and who must stand aside."""
