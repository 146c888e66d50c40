"""Steps of the closed loop: which rule, which plan, the chain of links, what is carried out, what a new pack changes."""
