"""Incidents: accident reports from the first word to the published investigation.

Owns reports, accidents with every grade they had, relays with their clocks, findings,
investigations, and signs of accidents that nobody reported. Tells of each; hears nobody.
Takes reports while its database is away.
"""
