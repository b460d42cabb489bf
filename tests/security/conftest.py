"""The centre as its own tests have it."""

from tests.api.conftest import (  # noqa: F401 - fixtures, found by their names
    app,
    client,
    clock,
    connection,
    migrated_url,
    schema,
    services,
)
