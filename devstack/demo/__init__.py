"""Plays real accidents on a stack of its own, its clock set to their days, and tells the story.

Dates, tolls and places are public record. The times of day, the enterprises and what each
desk does are the demonstration's own.
"""
