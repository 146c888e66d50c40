"""Fangxian (防线): outbreak prevention and control, from the prefecture to the grid cell."""

import os

from fangxian.engines import processor

processor.avoid_slow_sorts(os.environ)  # here, because it has to come before the first import of NumPy

__version__ = "0.1.0"
