"""Transfers of suspected crimes to the police and of breaches of discipline, with their clocks."""
