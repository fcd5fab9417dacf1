"""Enterprises as far as accidents need them: what they are called, and their story."""
