"""Filters of a list, from the names in the declaration (django-filter does the work)."""

from functools import cache

import django_filters
from django.db import models


def filter_form(register, data: dict, queryset) -> django_filters.FilterSet:
    """The bound filter set of a register."""
    return filter_class(register)(data, queryset=queryset)


@cache
def filter_class(register) -> type[django_filters.FilterSet]:
    """One FilterSet class a register; days and times are filtered by a range of days."""
    filters = {}
    for name in register.filters:
        field = register.model._meta.get_field(name)
        filters[name] = _filter(field)
    meta = type("Meta", (), {"model": register.model, "fields": ()})
    return type(f"{type(register).__name__}Filter", (django_filters.FilterSet,), {**filters, "Meta": meta})


def _filter(field: models.Field) -> django_filters.Filter:
    label = field.verbose_name
    if isinstance(field, models.DateField):
        return django_filters.DateFromToRangeFilter(field_name=field.name, label=label)
    if field.choices:
        return django_filters.ChoiceFilter(field_name=field.name, choices=field.choices, label=label)
    if isinstance(field, models.BooleanField):
        return django_filters.BooleanFilter(field_name=field.name, label=label)
    if isinstance(field, models.ForeignKey):
        return django_filters.UUIDFilter(field_name=f"{field.name}_id", label=label)
    return django_filters.CharFilter(field_name=field.name, label=label)
