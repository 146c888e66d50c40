"""The stories: one file each, read downwards. Systems meet here and nowhere else."""
