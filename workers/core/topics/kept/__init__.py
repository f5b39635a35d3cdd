"""What is kept of a stream between two events; the rules beside it make it anew.

One kind of value a module, apart from the rules, so that these can be compiled.
"""
