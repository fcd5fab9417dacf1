"""Accidents: what is known of them now, how they are graded, and every earlier grade."""
