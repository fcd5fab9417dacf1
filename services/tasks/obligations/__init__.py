"""Obligations: one occurrence of a duty for one subject, from opening to acceptance.

What a unit that ended still owed is handed over to whoever answers for it since.
"""
