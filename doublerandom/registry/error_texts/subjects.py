"""Sentences of the errors of subjects."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "subject_not_found": (
        "名录库中没有代码为 {value} 的检查对象。请核对代码。",
        "No subject has the code {value}. Check the code.",
    ),
    "not_in_pool": (
        "{value} 不在本机关的名录库中，无需移出。请刷新页面查看现在的状态。",
        "{value} is not in this body's pool and cannot leave it. Reload the page to see where it stands.",
    ),
    "outside_region": (
        "{value} 不在本机关的辖区内，不能加入按辖区划定的名录库。请由所在地机关办理，或由管理员把本机关名录库改为逐户列名。",
        "{value} is outside this body's region, whose pool is the region. Ask the body of its region, or let the administrator make this body's pool a list.",
    ),
    "operator_needed": (
        "产品、项目、场所、活动要写明责任单位的统一社会信用代码（{value} 不行）；其他检查对象不填。请改正后再提交。",
        "Products, projects, sites and activities name the enterprise answerable by its code ({value} will not do); other subjects name none. Mend it and submit again.",
    ),
    "source_needed": (
        "基本信息以登记机关的数据为准。请写明依据的文件或登记信息来源，再提交。",
        "Base fields follow the registration source. Name the document or registration record, then submit.",
    ),
    "standing_ended": (
        "“{value}”已经终止，或不能在这一天终止。请刷新页面查看现在的状态。",
        "{value} has ended already, or cannot end on that day. Reload the page to see where it stands.",
    ),
}
