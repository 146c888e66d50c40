"""Steps around a case or a positive sample: what lies there, who works there, what was sampled, the report."""
