"""The seed table of industries."""

from datetime import datetime

from sqlalchemy import insert
from sqlmodel import Session, select

from doublerandom.db import transaction
from doublerandom.ledger.trail import put_on_record
from doublerandom.registry import industries
from doublerandom.registry.acts import IndustriesSeeded
from doublerandom.registry.models import Industry


def seed_industries(session: Session, *, by: str, at: datetime) -> int:
    """Enter the industries of GB/T 4754-2017 that are not there yet; gives how many were added."""
    with transaction(session):
        known = set(session.exec(select(Industry.code).order_by(Industry.code)))
        fresh = [row._asdict() for row in industries.standard() if row.code not in known]
        if fresh:
            session.execute(insert(Industry), fresh)
            put_on_record(session, IndustriesSeeded(on_id="GB/T 4754-2017", added=len(fresh)), by=by, at=at)
    return len(fresh)
