"""The ledgers of matching: lists that were brought and their rows, possible duplicates, merges."""

from fangxian.registers import Register
from fangxian.systems.people.models import DuplicatePair, ListRow, Merge, SourceList

DERIVED = "read on its own page"


class SourceListRegister(Register):
    """Lists of people that were brought, each with what became of its rows."""

    model = SourceList
    columns = ("name", "origin", "area", "state", "filename")
    filters = ("state",)
    search = ("name",)
    form = ()
    key = ("area", "origin", "digest")
    permission = "people"
    icon = "list-search"
    exempt = {
        "digest": "the fingerprint by which the same file is known again",
        "headings": DERIVED, "columns": DERIVED, "counts": DERIVED, "problem": DERIVED,
        "upload": "kept until the list is matched, shown to nobody",
    }  # fmt: skip


class ListRowRegister(Register):
    """Rows of the lists that were brought: who each is, or why that is not known."""

    model = ListRow
    columns = ("source_list", "number", "name", "state", "person", "area", "decided_by", "decided_at")
    filters = ("state", "source_list")
    search = ("name",)
    form = ()
    key = ("source_list", "number")
    permission = "people"
    icon = "list-check"
    exempt = {
        "said": "what the row said, masked on the page where it is decided", "found": DERIVED, "reasons": DERIVED,
        "repeats": DERIVED,
    }  # fmt: skip


class DuplicatePairRegister(Register):
    """Entries that may be one person, and what was decided of them."""

    model = DuplicatePair
    columns = ("one", "other", "score", "state", "area", "other_area", "decided_by", "decided_at")
    filters = ("state",)
    form = ()
    key = ("one", "other")
    permission = "people"
    icon = "copy"
    exempt = {"signs": DERIVED}


class MergeRegister(Register):
    """Entries that were made one, by whom and why; every merge can be undone."""

    model = Merge
    columns = (
        "loser", "winner", "state", "reason", "area", "loser_area", "is_restricting", "decided_by", "decided_at",
        "undone_by", "undone_at", "undone_why",
    )  # fmt: skip
    filters = ("state",)
    form = ()
    key = ("loser", "winner")
    permission = "people"
    icon = "git-merge"
    exempt = {"moved": DERIVED, "stayed": DERIVED, "before": "the values from which a merge is undone"}
