"""What units are measured by: figures counted from what tasks keeps, and how they become points."""
