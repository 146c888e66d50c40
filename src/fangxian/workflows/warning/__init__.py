"""Steps of the nightly early warning: judging series, rules, silence, what is worth a card."""
