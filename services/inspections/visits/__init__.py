"""Visits: inspections that were ordered and have to be made by a day."""
