"""What outsiders read: one interface document, the events, the dictionaries, the problems."""
