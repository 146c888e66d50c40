"""The steps of an isolation site's story: who may go, and whom an infection holds longer."""
