"""Incidents: accident reports from the first word to the published investigation.

Owns reports, accidents with every grade they had, relays with their clocks, findings and
investigations. Tells of each; hears only what it told itself. Takes reports while its database
is away.
"""
