"""Entering accidents in the national statistics within a day, completing them within a week."""
