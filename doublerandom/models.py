"""All tables of all rooms in one import, for migrations and tests."""

from sqlmodel import SQLModel

import doublerandom.accounts.models
import doublerandom.credit.models
import doublerandom.draws.models
import doublerandom.inspect.models
import doublerandom.ledger.models
import doublerandom.ledger.outside_models
import doublerandom.publish.models
import doublerandom.registry.models  # noqa: F401 - importing registers the tables

metadata = SQLModel.metadata
