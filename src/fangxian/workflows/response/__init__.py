"""The steps of the response to a case, each a file; the story that calls them is `positive_result.py`."""
