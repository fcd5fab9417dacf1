"""Which units sit on a committee of work safety on a day, and in what capacity."""
