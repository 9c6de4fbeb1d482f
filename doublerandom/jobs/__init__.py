"""What is due is done: draws run, overdue ones fail, others open; by one process, safe to start twice."""

from doublerandom.jobs.command import jobs
from doublerandom.jobs.draws import Done, run_due
from doublerandom.jobs.duties import DUTIES, Duty, Worker, tick
from doublerandom.jobs.leading import Leadership, leadership

__all__ = ["DUTIES", "Done", "Duty", "Leadership", "Worker", "jobs", "leadership", "run_due", "tick"]
