"""The chapters of the manual, in its order."""

from tests.spec.tracing.chapters import (
    chain,
    crowds,
    evidence,
    exposure,
    lag,
    meeting,
    reading,
    sources,
    stays,
    sums,
    windows,
)

CHAPTERS = (meeting, windows, stays, lag, sums, crowds, evidence, exposure, chain, sources, reading)
