"""Supervisory orders (监督): assigned, urged, supervised, listed, interviewed, warned, circulated.

An order has a number, a deadline, an answer and an acceptance, as its kind takes them. The unit
that is addressed first answers for all; every addressed unit signs its own receipt.
"""
