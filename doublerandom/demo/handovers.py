"""审管衔接 in the demonstration: an approval bureau's licences, one in each state."""

from datetime import timedelta
from typing import Any

from doublerandom import clock
from doublerandom.accounts import services as accounts
from doublerandom.accounts.queries import sight, user_by_person
from doublerandom.demo.pools import subject_code
from doublerandom.demo.stage import Stage
from doublerandom.registry.licence_events import LicenceEvent
from doublerandom.registry.services import handovers

APPROVAL = "云川市行政审批服务局"
DUTIES = (
    ("food-business", "食品经营许可", "scjg"),
    ("public-venue", "公众聚集场所投入使用、营业前消防安全检查", "fire"),
    ("discharge", "排污许可", "eco"),
)
LICENCES = (
    ("food-business", "食品经营许可", "云川市湖心面馆", "990102", "62"),
    ("public-venue", "公众聚集场所投入使用、营业前消防安全检查", "云川市北港大戏院", "990104", "88"),
    ("food-business", "食品经营许可", "云川市云上茶室", "990103", "62"),
    ("food-business", "食品经营许可", "云川市南屏豆腐坊", "990105", "62"),
    ("labour-dispatch", "劳务派遣经营许可", "云川市众诚劳务派遣有限公司", "990105", "72"),
)


def hand_over_licences(stage: Stage) -> None:
    """Five licences: accepted, waiting (two), returned, and of a kind that nobody supervises yet."""
    at = stage.ago(20)
    accounts.create_body(
        stage.session,
        token="yc-xzsp",  # noqa: S106 - a body's token
        name=APPROVAL,
        name_en="Yunchuan Administrative Approval",
        line=handovers.APPROVAL,
        level="city",
        region="990100",
        parent_token="yc-gov",  # noqa: S106 - a body's token
        by="system",
        at=at,
    )
    for kind, name, line in DUTIES:
        basis = "云川市审管衔接责任清单（演示）"
        handovers.set_licence_duty(
            stage.session, kind, name=name, line=line, basis=basis, by="p-overseer", at=at
        )
    delivered = [
        handovers.receive_licence(
            stage.session, _event(stage, number), by="api:demo", at=stage.ago(19 - number)
        )
        for number in range(len(LICENCES))
    ]
    of_registrar: dict[str, Any] = {
        "sight": sight(user_by_person(stage.session, "p-registrar")),
        "by": "p-registrar",
    }
    first, _fire, third, _waiting, _unassigned = (row.id or 0 for row in delivered)
    handovers.accept_handover(stage.session, first, at=stage.ago(15), **of_registrar)
    reason = "该茶室位于景区内，按责任清单由文化广电旅游部门统一监管。"
    handovers.return_handover(stage.session, third, reason=reason, at=stage.ago(14), **of_registrar)


def _event(stage: Stage, number: int) -> LicenceEvent:
    kind, kind_name, name, region, industry = LICENCES[number]
    day = clock.local(stage.ago(20)).date()
    return LicenceEvent.model_validate(
        {
            "event": "granted",
            "number": f"YCXZ{day.year}{number + 1:05d}",
            "kind": kind,
            "kind_name": kind_name,
            "authority": APPROVAL,
            "occurred_on": day.isoformat(),
            "valid_until": (day + timedelta(days=5 * 365)).isoformat(),
            "subject": {
                "code": subject_code(region, 900_000 + number),
                "name": name,
                "region": region,
                "industry": industry,
                "address": f"{name}（演示地址）{number + 1}号",
            },
        }
    )
