"""Obligations: one occurrence of a duty for one subject, from opening to acceptance."""
