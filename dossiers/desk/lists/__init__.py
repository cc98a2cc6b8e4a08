"""How a queue is shown: its lines, short words, what stands where it is empty."""
