"""Steps of the closed loop: rule, plan, chain of links, carrying out, chasing, what a new pack changes."""
