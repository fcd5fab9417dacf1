"""Counting accidents by month, place, trade, kind and grade, and what the counts say."""
