"""Tables of an installation, made or brought up to date."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import call_command
from django.db.migrations.state import ModelState, ProjectState


def migrate() -> None:
    """Apply every migration that is not applied yet."""
    with _new_models_alone():
        call_command("migrate", interactive=False, verbosity=0)


@contextmanager
def _new_models_alone() -> Iterator[None]:
    """Draw a new table's model without drawing all models around it again.

    Django renders whatever is related to a new model anew, and here everything is related to areas and officers: 6,700
    renderings for 180 tables, twelve of the sixteen seconds an installation took. Nothing can refer to a new model
    yet, so its own rendering is enough; the tables are the same, statement by statement.
    """

    def add_model(state: Any, model: ModelState) -> None:
        key = model.app_label, model.name_lower
        state.models[key] = model
        if state._relations is not None:
            state.resolve_model_relations(key)
        if "apps" in vars(state):
            state.apps.render_multiple([model])

    original = ProjectState.add_model
    ProjectState.add_model = add_model  # type: ignore[method-assign]
    try:
        yield
    finally:
        ProjectState.add_model = original  # type: ignore[method-assign]
