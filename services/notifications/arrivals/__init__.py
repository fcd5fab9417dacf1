"""The signal inside one process that something new is there to be read or sent."""
