"""Readings: when a desk first opened an accident, as the stamp that it has read it."""
