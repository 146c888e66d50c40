"""Statistical disclosure: which figures of a table are kept back so that nobody is found from the others."""

from fangxian.engines.disclosure.suppression import Tree, bounds, suppress

__all__ = ["Tree", "bounds", "suppress"]
