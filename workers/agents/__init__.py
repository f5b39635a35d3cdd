"""The Faust agents: read, decide, commit."""
