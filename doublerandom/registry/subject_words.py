"""What the words of subjects are called on pages: kinds, states, lists, why one leaves a pool, bulk acts."""

from flask_babel import lazy_gettext as _l

KIND_NAMES = {
    "enterprise": _l("企业"),
    "self_employed": _l("个体工商户"),
    "cooperative": _l("农民专业合作社"),
    "institution": _l("事业单位、社会组织等"),
    "product": _l("产品"),
    "project": _l("项目"),
    "site": _l("场所"),
    "activity": _l("行为、活动"),
}
STATUS_NAMES = {
    "active": _l("存续"),
    "deregistered": _l("已注销"),
    "revoked": _l("已吊销"),
    "moved_out": _l("已迁出"),
    "withdrawn": _l("录入撤回"),
}
LISTING_NAMES = {
    "abnormal_list": _l("经营异常名录"),
    "serious_list": _l("严重违法失信名单"),
    "no_disturbance": _l("无事不扰名单"),
    "key_supervision": _l("重点监管名单"),
}
LEFT_NAMES = {
    "deregistered": _l("已注销"),
    "revoked": _l("已吊销"),
    "moved-out": _l("已迁出"),
    "merged": _l("并入其他主体"),
    "duplicate": _l("重复录入"),
    "not-supervised": _l("不属本机关监管"),
    "entered-by-mistake": _l("误录入"),
}
ACTION_NAMES = {
    "tag": _l("加标签"),
    "end-tag": _l("取消标签"),
    "special": _l("列入专项库"),
    "end-special": _l("移出专项库"),
    "supervisor": _l("指定日常监管人员"),
    "join": _l("纳入本机关名录库"),
    "leave": _l("移出本机关名录库"),
}
VALUE_NAMES = {
    "tag": _l("标签"),
    "end-tag": _l("标签"),
    "special": _l("专项库名称"),
    "end-special": _l("专项库名称"),
    "supervisor": _l("日常监管人员"),
    "leave": _l("移出原因"),
}
FIELD_NAMES = {
    "name": _l("名称"),
    "kind": _l("主体类型"),
    "region": _l("行政区划"),
    "address": _l("地址"),
    "industry": _l("行业"),
    "authority": _l("登记机关"),
    "managing_office": _l("监管所"),
    "status": _l("登记状态"),
    "established": _l("成立日期"),
    "category": _l("企业类型"),
    "capital": _l("注册资本"),
    "business": _l("经营范围"),
    "credit_class": _l("信用风险分类"),
    "credit_class_on": _l("分类日期"),
    "operator": _l("责任单位"),
}
STANDING_NAMES = {
    "grade": _l("行业等级"),
    "supervisor": _l("日常监管人员"),
    "tag": _l("标签"),
    "special": _l("专项库"),
    "excluded": _l("不参加抽取"),
    "member": _l("名录库"),
}
LICENCE_STATUS_NAMES = {
    "valid": _l("有效"),
    "suspended": _l("暂停"),
    "revoked": _l("撤销"),
    "cancelled": _l("注销"),
}
EFFECT_NAMES = {
    "raise": _l("提高一类抽查"),
    "lower": _l("降低一类抽查"),
    "exempt": _l("免于抽查"),
}
POOL_CHANGE_NAMES = {
    "member": _l("移出名录库"),
    "excluded": _l("不参加抽取"),
    "status": _l("登记状态改为不再存续"),
}
