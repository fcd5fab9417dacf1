"""Qualifications: whether an accident is a production-safety accident or is struck off."""
