"""One module a page of the phone; each registers itself when it is imported (see the face's README)."""
