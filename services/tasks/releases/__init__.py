"""What an accident asked that was struck off (核销): released, and standing again if it is."""
