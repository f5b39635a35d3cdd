"""What the rules need to know of a language: word weights and vectors."""
