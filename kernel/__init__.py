"""The mechanism every service stands on: clock, events, transactions, delivery, access.

It knows no business.
"""
