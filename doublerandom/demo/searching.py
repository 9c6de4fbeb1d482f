"""The demonstration's search: the index of subjects, filters that the registrar keeps, one bulk act."""

from doublerandom import clock
from doublerandom.accounts import queries as accounts
from doublerandom.demo.city import CITY
from doublerandom.demo.stage import Stage
from doublerandom.registry import services as registry
from doublerandom.registry.queries import saved_filters as kept
from doublerandom.registry.queries.search import wanted_in_sight

TAG, EXPRESSION = "夏季餐饮专项", "industry = 62 and name ~ '小吃'"
FILTERS = (
    ("餐饮服务单位", "", "industry = 62 and status = active", True),
    ("高风险主体", "", "class in (C, D) and status = active", True),
    ("夏季专项待查", "", f"tag = '{TAG}'", False),
)


def search_subjects(stage: Stage) -> None:
    """Index the subjects, tag some of them by a bulk act, keep some filters."""
    at, session = stage.ago(1), stage.session
    registry.index_subjects(session)
    for name, words, expression, shared in FILTERS:
        registry.save_filter(
            session,
            body_id=stage.body_id(CITY),
            name=name,
            words=words,
            expression=expression,
            shared=shared,
            by="p-registrar",
            at=at,
        )
    sight = accounts.sight(accounts.user_by_person(session, "p-registrar"))
    on = clock.local(at).date()
    wanted = wanted_in_sight(session, sight, filter_text=EXPRESSION, on=on)
    preview = kept.preview(session, wanted, action="tag", value=TAG, body=stage.body(CITY), on=on)
    registry.confirm_bulk(
        session,
        wanted,
        body_id=stage.body_id(CITY),
        action="tag",
        value=TAG,
        reason="夏季食品安全专项整治方案",
        expression=EXPRESSION,
        digest=preview.digest,
        by="p-registrar",
        at=at,
    )
