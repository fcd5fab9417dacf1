"""What a unit that ended still owed, handed over to whoever answers for it since."""
