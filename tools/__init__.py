"""Commands that draw the documentation from the code and measure the platform."""
