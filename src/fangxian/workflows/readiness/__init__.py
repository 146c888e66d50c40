"""Steps of the stories of readiness: the figures criteria are judged by, for communities and for schools."""
