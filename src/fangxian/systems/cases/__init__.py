"""Cases: cases, contacts, exposures, links and the response to them."""
