"""Findings: that a report was late, incomplete, false or concealed, with the evidence."""
