"""Enterprises that nobody answers for, and those that two lead."""
