"""The registry of enterprises, and the flags that accidents put on them."""
