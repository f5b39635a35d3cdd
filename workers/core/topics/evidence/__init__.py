"""What speaks for a change of topic at a gap, kind by kind."""
