"""What is due of whom, from every room that asks something by a day: one list of sources."""
