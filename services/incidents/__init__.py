"""Incidents: accident reports from the first word to the published investigation.

Owns reports, accidents with every grade they had, relays with their clocks, findings,
investigations and the statistics. Tells of each; hears only itself, to keep its counts. Takes
reports while its database is away.
"""
