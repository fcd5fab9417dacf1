"""Figures: what accidents add up to, and what subjects report with evidence. Rows are only added.

A later version of the same source replaces the earlier, which is kept.
"""
