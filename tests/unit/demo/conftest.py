"""A very small world, made once."""

import numpy as np
import pytest

from fangxian.demo import areas, world

SCALE, SEED = 0.002, 410883


@pytest.fixture(scope="session")
def small() -> world.World:
    rng = np.random.default_rng(SEED)
    return world.imagine(rng, areas.grow(rng)[1], SCALE)
