"""Situation: the figures of an area, kept up to date, what was reported of them, and what an assessment concluded."""

from fangxian.systems.situation import reporting_registers

__all__ = ["reporting_registers"]
