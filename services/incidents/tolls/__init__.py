"""Tolls: each change of an accident's counts of people, when it was due, and why it fell."""
