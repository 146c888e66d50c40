"""The web face: server-rendered pages for officers, in two languages, for desk and phone."""
