"""What every system stands on: areas, officers, scope, records, audit, identity, policy, clock, jobs."""
