"""The tasks of whoever is signed in, as that person may see them now."""

from sqlmodel import Session

from doublerandom import clock
from doublerandom.draws import queries as draws_queries
from doublerandom.inspect.errors import TaskNotYoursError
from doublerandom.web import current_user, db_session


def own_certificate() -> str:
    """Certificate number of whoever is signed in; empty where the account has none."""
    user = current_user()
    return user.certificate if user else ""


def own_tasks(session: Session, certificate: str) -> list[draws_queries.TaskView]:
    """The tasks dealt to a certificate number; no number holds no seat, not even an empty one."""
    if not certificate:
        return []
    return draws_queries.tasks_of_inspector(session, certificate, at=clock.now())


def own_task(task_id: int) -> draws_queries.TaskView:
    """A task of whoever is signed in, or TaskNotYoursError: nobody learns here what others drew."""
    tasks = {task.id: task for task in own_tasks(db_session(), own_certificate())}
    if task_id not in tasks:
        raise TaskNotYoursError(task=task_id)
    return tasks[task_id]
