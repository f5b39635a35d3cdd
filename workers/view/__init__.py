"""The live page and its API: what viewers and players get over HTTP."""
