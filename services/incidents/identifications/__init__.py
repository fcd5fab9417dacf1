"""Identifications: whose an accident is, where it was reported without a credit code."""
