"""Where accidents happened: single ones while they are few, otherwise how many in each cell."""
