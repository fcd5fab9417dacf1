"""Leads: who was decided to lead a kind of business, and whose heirs units are, as tasks tells."""
