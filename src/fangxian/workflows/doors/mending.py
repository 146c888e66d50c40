"""What the roster lacks about somebody, entered at the door."""

from collections.abc import Callable
from uuid import UUID

from fangxian.core.officers import Officer
from fangxian.systems.people import selectors as people
from fangxian.systems.people import services
from fangxian.systems.people.models import Person


def of(person_id: UUID, *, by: Officer) -> Callable[..., Person]:
    """The verb that changes this person; called with `base_version` and the changes. DoesNotExist outside the scope."""
    found = people.person(person_id)
    temporary = found.id_type in (Person.IdType.TEMPORARY, Person.IdType.NONE)

    def change(**changes: object) -> Person:
        """A paper's number takes the place of a temporary one."""
        if temporary and changes.get("id_number"):
            changes["id_type"] = Person.IdType.RESIDENT
        return services.change_person(person=found, by=by, **changes)

    return change
