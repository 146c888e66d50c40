"""pandas with everything in memory: two frames, sorted by person and by place, rows found by binary search."""

import numpy as np
import pandas as pd
import pyarrow as pa

from bench.tracing.peer import Peer
from fangxian.engines.tracing import CONTACTS, MAX_STAY

LOW = 2**31 - 1


class Pandas(Peer):
    name = "pandas, two sorted frames in memory"
    version = f"pandas {pd.__version__}"
    forget = ""

    def open(self) -> None:
        """Sorting is the loading of an engine that keeps nothing on disk."""
        visits = self.log.table().to_pandas()
        self.by_person = visits.sort_values(["person_id", "entered_at"]).set_index("person_id")
        self.by_place = visits.sort_values(["place_id", "entered_at"]).set_index("place_id")

    def trace(self, cases: pa.Table) -> pa.Table:
        stays = self._stays(cases.to_pandas())
        w = _rows(self.by_place, stays["place_id"].unique()).reset_index()
        met = stays.merge(w, on="place_id")
        near = (met["entered_at"] < met["e"]) & (met["entered_at"] > met["s"] - MAX_STAY) & (met["left_at"] > met["s"])
        met = met[near & (met["person_id"] != met["own"])]
        began = np.maximum(met["entered_at"], met["s"])
        seconds = np.maximum(np.minimum(met["left_at"], met["e"]) - began, 0).astype(np.int64)
        met = met.assign(began=began, overlap_s=seconds, lagged=seconds == 0)
        return pa.Table.from_pandas(_folded(met), preserve_index=False).select(CONTACTS.names)

    def _stays(self, cases: pd.DataFrame) -> pd.DataFrame:
        own = cases.merge(_rows(self.by_person, cases["person_id"].unique()).reset_index(), on="person_id")
        own = own[(own["entered_at"] < own["t1"]) & (own["left_at"] > own["t0"])]
        s, e = np.maximum(own["entered_at"], own["t0"]), np.minimum(own["left_at"], own["t1"])
        return own.assign(s=s, e=e).rename(columns={"person_id": "own"})[["case_id", "own", "place_id", "s", "e"]]

    def close(self) -> None:
        self.by_person = self.by_place = pd.DataFrame()

    def cool(self) -> None:
        raise NotImplementedError("nothing of it is on disk")


def _rows(frame: pd.DataFrame, keys: np.ndarray) -> pd.DataFrame:
    """The rows of some keys of a frame sorted by its index."""
    keys = np.sort(keys)
    spans = zip(frame.index.searchsorted(keys), frame.index.searchsorted(keys, side="right"), strict=True)
    numbers = [np.arange(low, high) for low, high in spans]
    return frame.iloc[np.concatenate(numbers) if numbers else np.empty(0, dtype=np.int64)]


def _folded(met: pd.DataFrame) -> pd.DataFrame:
    at = met.groupby(["case_id", "person_id", "place_id"], as_index=False, sort=False).agg(
        n=("began", "size"),
        overlap_s=("overlap_s", "sum"),
        lagged=("lagged", "sum"),
        first_at=("began", "min"),
        last_at=("began", "max"),
    )
    at["rank"] = at["overlap_s"] * 2**31 + (LOW - at["place_id"].astype(np.int64))
    rows = at.groupby(["case_id", "person_id"], as_index=False, sort=False).agg(
        meetings=("n", "sum"),
        overlap_s=("overlap_s", "sum"),
        lag_meetings=("lagged", "sum"),
        first_at=("first_at", "min"),
        last_at=("last_at", "max"),
        places=("place_id", "size"),
        rank=("rank", "max"),
    )
    return rows.assign(top_place_id=LOW - rows["rank"] % 2**31)
