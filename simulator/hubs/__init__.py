"""Virtual hubs: the hub's own journal, engine and uplink, many in one process, without brokers."""
