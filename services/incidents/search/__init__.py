"""Finding accidents by what was said of them: place, enterprise, summaries, in Chinese too."""
