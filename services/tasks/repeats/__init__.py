"""Repeats: orders that look like one matter, merged or kept apart by a person."""
