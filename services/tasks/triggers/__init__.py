"""Duties of the plan that one event opens for everybody in scope, however many they are."""
