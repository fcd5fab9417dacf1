"""Openings: a duty of a plan, opened for everybody whom it means: each period, and on an event.

An opening works through its subjects in chunks, each a transaction of its own that keeps how
far it came: killed at any moment it goes on from there, and other deadlines have their turn
between two chunks.
"""
