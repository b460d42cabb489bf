def main() -> int:
    raise SystemExit("being written")
