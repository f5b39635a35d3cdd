"""How cost, memory and state grow with the number of live streams."""
