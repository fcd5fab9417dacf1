"""The dispatch catalogue (派单目录): which unit an order goes to, and what returns have taught."""
