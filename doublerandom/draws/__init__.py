"""Double random as a process: frozen pools, commitment, draw, tasks and seats, void, reveal, bundles."""
