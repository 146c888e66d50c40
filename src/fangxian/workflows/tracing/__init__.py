"""The parts of tracing by hand, each a file; the story that calls them is `trace_for_purpose.py`."""
