"""Alarms: called step by step until somebody answers, and never into silence."""
