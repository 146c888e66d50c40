"""What a scan costs: the ingest handler beside a plain Django endpoint, over the wire, on both stores."""
