"""Investigations: which level holds one, why it climbed, and what was published."""
