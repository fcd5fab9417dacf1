"""Draws the pages below docs/ that follow from the code: `python -m tools.docs [--check]`."""
