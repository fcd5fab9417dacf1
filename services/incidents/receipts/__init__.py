"""Receipts: what a reporter is answered, while the database is there and while it is away."""
