"""`python -m simulator.faults`: the table of faults in docs/simulator-faults.md."""

from simulator.faults.table import table

if __name__ == "__main__":
    print(table())  # noqa: T201 (what it is for)
