"""Arrivals: who comes from where, declared or found at the door, and the closed loop of each until release."""
