"""Command: tasks handed down, received, done, checked and escalated."""
