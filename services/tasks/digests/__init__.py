"""The daily digest: once a working day each unit hears what it owes, all in one message."""
