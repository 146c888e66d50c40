"""Where Django looks for the framework's tables."""

from fangxian.registers.runs import ImportRun

__all__ = ["ImportRun"]
