"""Acceptance: taking a report inside a transaction that does more than take it."""
