"""Callers of the hotlines: sealed, masked, and shown in full only when two people agree."""
