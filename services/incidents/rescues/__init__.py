"""Rescues: from the first report to the word that it has ended, with a follow-up every day."""
