"""The outbox: what others are told, written with what it tells and delivered afterwards."""
