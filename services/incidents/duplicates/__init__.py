"""Duplicates: reports of several people that look like one accident, until a person decides."""
