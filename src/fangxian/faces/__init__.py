"""The faces: web pages, interface, phone, command line, back office, ingest."""
