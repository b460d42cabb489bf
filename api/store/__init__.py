"""The centre's PostgreSQL: connections, the embedded server, migrations, named queries."""
