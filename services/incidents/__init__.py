"""Incidents: accident reports from the first word to the published investigation.

Owns reports, accidents with every grade they had, relays with their clocks, findings,
investigations and who was harmed. Tells of each; hears itself, to keep what is read by apart
from what is reported, and of enterprises' names. Takes reports while its database is away.
"""
