"""What follows when a supervisory order is not received, answered or judged in time."""
