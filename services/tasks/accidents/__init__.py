"""What an accident asks of those who answer for it, from the first report to publication."""
