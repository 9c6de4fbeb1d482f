"""Which column of a file means which field: Chinese headings and their common variants, best first."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from doublerandom.registry.errors import MissingColumnsError, RepeatedColumnError

Headings = Mapping[str, tuple[str, ...]]

_CODE: Final = (
    "统一社会信用代码", "社会信用代码", "统一信用代码", "统一代码", "信用代码", "统一社会信用代码/注册号",
    "统一社会信用代码(注册号)", "注册号/统一社会信用代码", "统一社会信用代码或注册号", "注册号",
    "主体代码", "对象代码", "code",
)  # fmt: skip
_CERTIFICATE: Final = (
    "执法证号", "执法证件号", "执法证号码", "行政执法证号", "执法证件编号", "证件号", "证号",
    "执法人员证号", "certificate",
)  # fmt: skip

SUBJECTS: Final[Headings] = {
    "name": (
        "企业名称", "单位名称", "主体名称", "市场主体名称", "经营主体名称", "检查对象名称", "检查对象",
        "公司名称", "商户名称",
        "字号名称", "机构名称", "名称", "name",
    ),
    "code": _CODE,
    "kind": ("对象类型", "主体类型", "市场主体类型", "检查对象类型", "kind"),
    "established": (
        "成立日期", "注册日期", "登记日期", "设立日期", "开业日期", "注册时间", "成立时间", "established",
    ),
    "category": ("企业类型", "公司类型", "登记类型", "市场主体类别", "类型", "category"),
    "capital": ("注册资本", "注册资金", "注册资本(万元)", "注册资金(万元)", "capital"),
    "business": ("经营范围", "业务范围", "经营(业务)范围", "许可范围", "business"),
    "province": ("所在省份", "省份", "省"),
    "region": ("行政区划代码", "区划代码", "行政区划", "所属区划代码", "地区代码", "区域代码", "region"),
    "address": (
        "注册地址", "住所", "地址", "经营场所", "住所(经营场所)", "经营地址", "企业地址", "详细地址",
        "住址", "address",
    ),
    "industry": ("行业代码", "行业小类代码", "国民经济行业代码", "行业", "所属行业", "行业类别", "industry"),
    "authority": ("登记机关", "注册机关", "发证机关", "authority"),
    "status": ("登记状态", "经营状态", "企业状态", "主体状态", "状态", "status"),
    "credit_class": (
        "信用风险分类", "信用风险等级", "风险等级", "风险分类", "信用等级", "信用分类", "信用风险分类等级",
        "credit_class",
    ),
    "credit_class_on": ("分类日期", "信用风险分类日期", "评级日期", "credit_class_on"),
}  # fmt: skip

INSPECTORS: Final[Headings] = {
    "certificate": _CERTIFICATE,
    "name": ("姓名", "执法人员姓名", "检查人员", "人员姓名", "执法人员", "检查人员姓名", "name"),
    "body": ("所在单位", "所属单位", "执法单位", "单位", "单位名称", "所在机关", "执法机关", "机关", "body"),
    "department": ("执法领域", "条线", "执法门类", "部门", "所在部门", "department"),
    "regions": ("执法区域", "执法地区", "执法范围", "区域", "行政区划代码", "regions"),
    "skills": ("专业资格", "专业特长", "专业", "资格", "业务专长", "skills"),
    "position": ("职务", "职级", "岗位", "position"),
    "certificate_until": (
        "证件有效期", "有效期至", "证件有效期至", "有效期", "有效期限", "certificate_until",
    ),
    "expert": ("是否专家", "专家", "expert"),
    "certificate_from": ("发证日期", "有效期自", "有效期起", "证件有效期自", "certificate_from"),
    "authority": ("发证机关", "发证单位", "authority"),
    "items": ("可检查事项", "检查事项范围", "执法事项", "items"),
    "expert_types": ("专家类型", "专家类别", "expert_types"),
}  # fmt: skip

ITEMS: Final[Headings] = {
    "list": ("清单", "清单编号", "list"),
    "number": ("编号", "事项编号", "事项编码", "抽查事项编号", "事项代码", "序号", "code", "number"),
    "category": ("抽查领域", "检查领域", "抽查类别", "事项类别", "类别", "领域", "category"),
    "name": ("抽查事项名称", "抽查事项", "检查事项", "检查事项名称", "事项名称", "事项", "名称", "name"),
    "sub_item": ("抽查子项", "子项", "检查子项", "抽查内容", "检查内容", "sub_item"),
    "basis": ("抽查依据", "检查依据", "法律依据", "法定依据", "依据", "basis"),
    "level": ("抽查主体", "检查主体", "实施层级", "实施主体", "执行层级", "层级", "level"),
    "scope": ("抽查对象", "检查对象", "对象", "scope"),
    "methods": ("抽查方式", "检查方式", "检查方法", "方式", "methods"),
    "key": ("事项类型", "重点/一般", "事项性质", "key"),
    "ratio": ("抽查比例", "检查比例", "比例", "ratio"),
    "frequency": ("抽查频次", "检查频次", "频次", "抽查频次或周期", "frequency"),
    "points": ("检查要点", "检查内容要点", "points"),
    "requirement": ("检查人员要求", "人员要求", "执法人员要求", "requirement"),
    "unit": ("责任单位", "责任部门", "发起部门", "牵头部门", "责任处室", "unit"),
    "partners": ("配合部门", "联合部门", "参与部门"),
}  # fmt: skip

CONFLICTS: Final[Headings] = {
    "certificate": _CERTIFICATE,
    "code": _CODE,
    "ground": ("回避事由", "回避理由", "回避原因", "利害关系", "事由", "ground"),
    "statement": ("说明", "情况说明", "备注", "statement"),
    "valid_from": ("起始日期", "生效日期", "开始日期", "valid_from"),
    "valid_to": ("截止日期", "失效日期", "结束日期", "valid_to"),
}  # fmt: skip

CLASSES: Final[Headings] = {
    field: SUBJECTS[field] if field != "credit_class" else (*SUBJECTS[field], "分类结果", "类别", "class")
    for field in ("code", "credit_class", "credit_class_on")
}

PLANS: Final[Headings] = {
    "number": ("序号", "编号", "计划编号", "任务编号", "number"),
    "name": (
        "抽查任务名称", "任务名称", "抽查任务", "计划名称", "抽查计划名称", "抽查事项", "抽查事项名称",
        "检查事项", "name",
    ),
    "items": ("抽查事项编码", "事项编码", "事项编号", "抽查事项编号", "items"),
    "directed": ("是否定向", "抽查类型", "定向/不定向", "directed"),
    "scope": ("抽查对象", "抽查对象范围", "检查对象", "对象范围", "抽查范围", "scope"),
    "filter": ("范围表达式", "筛选表达式", "filter"),
    "domain": ("适用细则", "细则领域", "domain"),
    "base": ("对象基数", "基数", "名录库基数", "base"),
    "ratio": ("抽查比例", "检查比例", "比例", "ratio"),
    "frequency": ("抽查频次或周期", "抽查频次", "检查频次", "频次", "frequency"),
    "estimated": ("抽查数量或基数", "预计抽查数量", "抽查数量", "抽查户数", "数量", "estimated"),
    "class_a": ("A类比例", "A类", "低风险比例"),
    "class_b": ("B类比例", "B类", "一般风险比例"),
    "class_c": ("C类比例", "C类", "较高风险比例"),
    "class_d": ("D类比例", "D类", "高风险比例"),
    "methods": ("检查方式", "抽查方式", "方式", "methods"),
    "period": ("时间", "抽查时间", "检查时间", "时间安排", "实施时间", "period"),
    "start": ("开始日期", "开始时间", "起始日期", "start"),
    "complete_by": ("完成日期", "完成时限", "结束日期", "截止日期", "complete_by"),
    "lead": ("主体或牵头", "牵头部门", "发起部门", "牵头单位", "实施主体", "责任单位", "lead"),
    "partner_text": ("配合部门", "参与部门", "联合部门", "协同部门", "partners"),
    "level": ("实施层级", "层级", "抽查层级", "level"),
    "note": ("备注", "说明", "note"),
}  # fmt: skip

VISITS: Final[Headings] = {
    "code": _CODE,
    "visited_on": ("检查日期", "检查时间", "日期", "实施日期", "date", "visited_on"),
    "time": ("时刻", "检查时刻", "time"),
    "body": ("检查机关", "检查单位", "检查部门", "实施机关", "机关", "body"),
    "level": ("机关层级", "层级", "level"),
    "line": ("执法领域", "条线", "line"),
    "items": ("检查事项", "事项编码", "事项", "抽查事项", "items"),
    "inspectors": ("人员证号", "检查人员证号", "检查人员", *_CERTIFICATE, "inspectors"),
    "kind": ("检查类型", "类型", "检查类别", "kind"),
    "counts": ("是否计入", "计入频次", "counts"),
    "exempt": ("豁免事由", "豁免情形", "不计入事由", "exempt"),
    "evidence": ("豁免依据", "依据", "依据文号", "evidence"),
    "found": ("是否发现问题", "发现问题", "检查结果", "found"),
}

TIES: Final[Headings] = {
    "certificate": _CERTIFICATE,
    "code": _CODE,
    "relation": ("关系", "关系类型", "与单位关系", "relation"),
    "valid_from": CONFLICTS["valid_from"],
    "valid_to": ("离职日期", *CONFLICTS["valid_to"]),
    "statement": CONFLICTS["statement"],
}

LINKS: Final[Headings] = {
    "certificate": _CERTIFICATE,
    "code": _CODE,
    "kind": ("标识类型", "类型", "kind"),
    "value": ("标识", "标识值", "内容", "value"),
}

KINDS: Final[Mapping[str, Headings]] = {
    "plans": PLANS,
    "subjects": SUBJECTS, "inspectors": INSPECTORS, "items": ITEMS, "conflicts": CONFLICTS,
    "classes": CLASSES,
    "visits": VISITS, "ties": TIES, "links": LINKS,
}  # fmt: skip
REQUIRED: Final[Mapping[str, tuple[str, ...]]] = {
    "plans": ("number", "name"),
    "subjects": ("code", "name"),
    "inspectors": ("certificate", "name"),
    "items": ("number", "name"),
    "conflicts": ("certificate", "code", "ground"),
    "classes": ("code", "credit_class"),
    "visits": ("code", "visited_on"),
    "ties": ("certificate", "code", "relation"),
    "links": ("kind", "value"),
}

_DROPPED: Final = re.compile(r"[\s*:：]|\(必填\)|\(选填\)")


@dataclass(frozen=True)
class Columns:
    """The header of a file and the place of each field in it, from 0."""

    header: tuple[str, ...]
    places: Mapping[str, int]

    def values(self, cells: Sequence[str]) -> dict[str, str]:
        """The fields of one row of as many cells as the header has."""
        return {field: cells[place] for field, place in self.places.items()}

    def heading(self, field: str) -> str:
        """How the file calls this field."""
        return self.header[self.places[field]]


def columns_of(
    kind: str, header: Sequence[str], *, also: Sequence[str] = (), given: Mapping[str, int] | None = None
) -> Columns:
    """
    Find the fields of a kind of file in its header.

    Of several columns that may mean one field, the heading that stands first in the list above is taken.

    Args:
        kind: subjects, inspectors, items or conflicts.
        header: The first row.
        also: Fields that are needed beside the kind's own.
        given: Where a person said the fields are; nothing is looked for then.

    Raises:
        MissingColumnsError: `missing` and `found` are texts for a person.
        RepeatedColumnError: The heading taken stands twice.
    """
    if given:
        return Columns(tuple(header), given)
    plain = [plain_heading(heading) for heading in header]
    places: dict[str, int] = {}
    for field, known in KINDS[kind].items():
        found = next((one for one in map(plain_heading, known) if one in plain), None)
        if found is None:
            continue
        places[field] = plain.index(found)
        if plain.count(found) > 1:
            second = plain.index(found, places[field] + 1)
            raise RepeatedColumnError(first=header[places[field]], second=header[second], field=field)
    missing = [KINDS[kind][field][0] for field in (*REQUIRED[kind], *also) if field not in places]
    if missing:
        raise MissingColumnsError(missing="、".join(missing), found="、".join(header) or "（空）")
    return Columns(tuple(header), places)


def plain_heading(heading: str) -> str:
    """A heading without blanks, marks and full-width forms, in lower case."""
    return _DROPPED.sub("", unicodedata.normalize("NFKC", heading).replace("\ufeff", "")).lower()
