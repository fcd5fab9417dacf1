"""Sends queued e-mail."""
