"""Objections of units to what they were sent, and the arbitration that settles them."""
