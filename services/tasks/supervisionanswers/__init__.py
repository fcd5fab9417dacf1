"""Answers to supervisory orders (答复): handed in, accepted or returned; more time; minutes."""
