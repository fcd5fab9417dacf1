"""Whole platforms, harmed while reports flow."""
