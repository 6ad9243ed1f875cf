"""What the webserver is told of the definitions: loading them is not enough, they must also travel to it."""

import pytest
from dagster._core.remote_representation.external_data import RepositorySnap
from dagster_shared.serdes import serialize_value


@pytest.mark.slow
@pytest.mark.filterwarnings(  # Dagster asks its own schedules for this property when it sends them
    "ignore:Property `ScheduleDefinition.environment_vars` is deprecated:DeprecationWarning"
)
def test_the_definitions_can_be_sent_to_the_webserver():
    from paramount_assets.definitions import defs  # noqa: PLC0415 - loads Dagster and every table

    sent = serialize_value(RepositorySnap.from_def(defs.get_repository_def()))
    assert '"households"' in sent
