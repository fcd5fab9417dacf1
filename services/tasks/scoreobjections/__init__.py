"""Objections of units to their scores: made within days, ruled on by others, from above."""
