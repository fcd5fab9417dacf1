"""Hotline orders: what a caller asked for, where it stands, and every step that was taken."""
