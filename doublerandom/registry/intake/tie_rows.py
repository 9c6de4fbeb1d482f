"""Rows of the personnel office: where inspectors work or worked, and identifiers that show who is related."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session

from doublerandom.accounts import queries as accounts
from doublerandom.clock import local
from doublerandom.config import Settings
from doublerandom.registry import queries
from doublerandom.registry.errors import InvalidRecordError
from doublerandom.registry.grounds import LINK_KINDS, RELATIONS, link_value
from doublerandom.registry.intake.areas import Area
from doublerandom.registry.intake.codes import read_code
from doublerandom.registry.intake.columns import Columns
from doublerandom.registry.intake.lists import Reading
from doublerandom.registry.models import Inspector, Link, Subject, Tie
from doublerandom.registry.queries.ties import link_of, same_tie
from doublerandom.registry.services.ties import link_key, owner_of

_RELATIONS: Final = {
    "任职": "employed", "本人任职": "employed", "曾任职": "employed", "持股": "owns", "本人持股": "owns",
    "代表": "represents", "法定代表人": "represents", "亲属任职": "relative-works",
    "近亲属任职": "relative-works",
    "亲属持股": "relative-owns", "近亲属持股": "relative-owns",
}  # fmt: skip
_KINDS: Final = {
    "证件号码": "person", "身份证号": "person", "人员": "person", "电话": "phone", "联系电话": "phone",
    "地址": "address", "上级公司": "parent", "母公司": "parent", "上级公司代码": "parent",
}  # fmt: skip


class _Known(Reading):
    def __init__(
        self,
        session: Session,
        columns: Columns,
        *,
        by: str,
        at: datetime,
        area: Area = Area(),  # noqa: B008 - frozen
    ) -> None:
        super().__init__(columns)
        self._session = session
        self._area = area
        self._today = local(at).date()
        self._bodies = {body.id for body in accounts.bodies(session, below=area.path)}
        self._facts: dict[str, Any] = {"by": by, "at": at}

    def _inspector(self, line: int, values: Mapping[str, str]) -> Inspector:
        found = queries.inspector_or_none(self._session, values["certificate"])
        if found is None:
            raise self.refuse(line, "inspector_unknown", values["certificate"], "certificate")
        if found.body_id not in self._bodies:
            raise self.refuse(line, "inspector_elsewhere", values["certificate"], "certificate")
        return found

    def _known_subject(self, line: int, code: str) -> Subject | None:
        """The subject of a code, if the registry has it; refused outside the area."""
        found = queries.subject_or_none(self._session, code)
        if found and not self._area.holds_subject(self._session, found, on=self._today):
            raise self.refuse(line, "subject_elsewhere", code, "code")
        return found


class TieRows(_Known):
    """Ties: an inspector, a company's code (in the pool or not), what the tie is, from when to when."""

    def record(self, line: int, values: Mapping[str, str]) -> Tie:
        """See Rows."""
        inspector = self._inspector(line, values)
        code = read_code(values["code"])
        if code.refused:
            raise self.refuse(line, "subject_unknown", values["code"], "code")
        relation = _RELATIONS.get(values["relation"], values["relation"])
        if relation not in RELATIONS:
            raise self.refuse(line, "relation_unknown", relation, "relation")
        first, last = self.day(line, values, "valid_from"), self.day(line, values, "valid_to")
        if first is not None and last is not None and last < first:
            raise self.refuse(line, "days_out_of_order", last.isoformat(), "valid_to")
        subject = self._known_subject(line, code.code)
        assert inspector.id is not None
        return Tie(
            inspector_id=inspector.id,
            subject_id=subject.id if subject else None,
            code=code.code,
            relation=relation,
            first_day=first,
            last_day=last,
            statement=values.get("statement", ""),
            source="hr",
            **self._facts,
        )

    def key(self, record: Tie) -> str:
        """See Rows."""
        return f"{record.inspector_id}:{record.code}:{record.relation}:{record.first_day or ''}"

    def kept(self, record: Tie) -> Tie | None:
        """See Rows."""
        return same_tie(self._session, record)


class LinkRows(_Known):
    """Links: a subject's code or an inspector's certificate, a kind of identifier, the identifier itself."""

    def __init__(
        self, session: Session, columns: Columns, *, settings: Settings | None, **facts: Any
    ) -> None:
        super().__init__(session, columns, **facts)
        if settings is None:
            raise InvalidRecordError(field="kind", value="links", reason="import it on the command line")
        self._hash_key = link_key(settings)

    def record(self, line: int, values: Mapping[str, str]) -> Link:
        """See Rows."""
        kind = _KINDS.get(values["kind"], values["kind"])
        if kind not in LINK_KINDS:
            raise self.refuse(line, "link_kind_unknown", kind, "kind")
        value = link_value(kind, values["value"], key=self._hash_key)
        if not values["value"].strip() or not value:
            raise self.refuse(line, "link_value_missing", "", "value")
        person = self._inspector(line, values).id if values.get("certificate") else None
        whose = None if person else self._subject(line, values.get("code", "")).id
        return Link(
            owner=owner_of(subject_id=whose, inspector_id=person),
            subject_id=whose,
            inspector_id=person,
            kind=kind,
            value=value,
            **self._facts,
        )

    def _subject(self, line: int, code: str) -> Subject:
        found = self._known_subject(line, read_code(code).code)
        if found is None:
            raise self.refuse(line, "subject_unknown", code, "code")
        return found

    def key(self, record: Link) -> str:
        """See Rows."""
        return f"{record.owner}:{record.kind}:{record.value[:12]}"

    def kept(self, record: Link) -> Link | None:
        """See Rows."""
        return link_of(self._session, record.owner, record.kind, record.value)
