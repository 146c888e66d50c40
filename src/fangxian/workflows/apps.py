"""Registers the stories' jobs."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class WorkflowsConfig(AppConfig):
    name = "fangxian.workflows"
    label = "workflows"
    verbose_name = _("Workflows")

    def ready(self) -> None:
        """Import the modules that declare jobs, so that any worker can resume them."""
        autodiscover_modules(
            "adverse_event", "closed_loop", "contaminated_goods", "county_board", "coverage_count",
            "daily_report",
            "directive_handed_down",
            "reports_up",
            "drug_sale_signal", "early_warning", "environment_positive", "epidemic_free",
            "fever_patient", "isolation.waiting", "isolation_release", "passage", "positive_result",
            "mode_switch", "risk_area_arrival",
            "rounds", "public_report", "gathering", "volunteering",
            "supplies_request", "testing_round", "trace_for_purpose", "travel_advice", "venue_of_house",
        )  # fmt: skip
