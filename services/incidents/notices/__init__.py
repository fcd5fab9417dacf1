"""Notices: the bodies beside the line that a desk tells of an accident, each with its receipt."""
