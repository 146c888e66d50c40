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
    yet, so its own rendering is enough; the tables are the same, statement by statement. The same holds for a model
    that is changed while nothing refers to it.
    """

    def add_model(state: Any, model: ModelState) -> None:
        key = model.app_label, model.name_lower
        state.models[key] = model
        if state._relations is not None:
            state.resolve_model_relations(key)
        if "apps" in vars(state):
            state.apps.render_multiple([model])

    def reloaded(state: Any, app_label: str, model_name: str, delay: bool = False) -> set[tuple[str, str]]:
        if _stands_alone(state, app_label, model_name):
            return {(app_label, model_name)}
        return found(state, app_label, model_name, delay)

    original, found = ProjectState.add_model, ProjectState._find_reload_model
    ProjectState.add_model = add_model  # type: ignore[method-assign]
    ProjectState._find_reload_model = reloaded
    try:
        yield
    finally:
        ProjectState.add_model = original  # type: ignore[method-assign]
        ProjectState._find_reload_model = found


def _stands_alone(state: Any, app_label: str, model_name: str) -> bool:
    """Whether no other model refers to this one or is made from it."""
    try:
        model = state.apps.get_model(app_label, model_name)
    except LookupError:
        return False
    links = model._meta.get_fields(include_parents=False, include_hidden=True)
    return not model.__subclasses__() and all(field.concrete or not field.is_relation for field in links)
