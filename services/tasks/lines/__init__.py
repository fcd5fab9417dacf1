"""Whom a unit reports to on a day, up to the top; never in a circle."""
