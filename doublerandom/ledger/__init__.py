"""Evidence that cannot be edited: audit trail, public log, keys, checkpoints, file store by hash."""
