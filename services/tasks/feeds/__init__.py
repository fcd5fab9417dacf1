"""Secret calendar addresses of units and enterprises: what is due, in their own calendars."""
