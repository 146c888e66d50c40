"""How good a method of early warning is: published designs simulated anew, outbreaks whose truth is known, and scores.

Everything is seeded: the same call says the same again. `fangxian check warning` runs it;
`docs/early-warning-methods.md` holds what it gave.
"""
