"""Incidents: accident reports from the first word to the published investigation.

Owns reports, accidents with every grade they had, relays with their clocks, findings and
investigations, and what the public reports. Tells of each; hears only itself, to do after
the commit what must not slow a report down. Takes reports while its database is away.
"""
