"""Corrections: what a report should have said, beside what it said."""
