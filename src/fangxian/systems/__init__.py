"""The systems: one Django app each, complete in itself. They meet in workflows/, nowhere else."""
