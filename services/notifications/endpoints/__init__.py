"""Outside systems that subscribe to accidents: where they listen, and who may be reached."""
