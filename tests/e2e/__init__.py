"""Whole platforms, used as people and systems use them."""
