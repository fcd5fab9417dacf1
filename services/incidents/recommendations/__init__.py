"""Recommendations of investigations, each to one unit or enterprise, tracked to proof."""
