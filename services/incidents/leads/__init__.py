"""Leads: signs that an accident was concealed, matched against what was reported, and checked."""
