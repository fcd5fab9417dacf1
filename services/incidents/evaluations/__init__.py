"""Evaluations of what an accident led to, between ten and twelve months after the approval."""
