"""Clocks: how long an investigation has taken, what stopped it, and when it is due."""
