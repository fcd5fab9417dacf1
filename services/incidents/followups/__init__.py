"""Follow-ups: later reports of a known accident, and whether they move its grade."""
