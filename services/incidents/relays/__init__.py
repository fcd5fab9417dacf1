"""Relays: a report on its way up the levels, hop by hop, each on its own clock."""
