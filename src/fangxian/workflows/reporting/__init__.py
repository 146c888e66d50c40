"""The steps of a report: counted, explained, told in every language, drawn on paper."""
