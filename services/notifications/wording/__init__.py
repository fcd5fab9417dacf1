"""What messages say: short, in zh-CN and en, readable at three in the morning."""
