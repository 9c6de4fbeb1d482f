"""What became of a row: refused, repeated or noted, with a stable code, the value and the reason."""

from typing import Any, Final, NamedTuple

REFUSED: Final = "refused"
REPEATED: Final = "repeated"
NOTED: Final = "noted"
CHANGED: Final = "changed"
VALUE_LONGEST: Final = 300

REASONS: Final[dict[str, tuple[str, str]]] = {
    # refused: the code
    "code_missing": ("没有填写统一社会信用代码", "there is no unified social credit code"),
    "code_literal_none": (
        "代码栏填的是“{value}”，不是代码；请填写统一社会信用代码",
        "the code reads {value}, which is no code; fill it in",
    ),
    "code_old_15_digit_regno": (
        "这是15位旧工商注册号，不是统一社会信用代码；请向登记机关查换发后的代码",
        "an old registration number of 15 digits; look up the unified social credit code issued instead",
    ),
    "code_old_13_digit_regno": (
        "这是13位旧工商注册号，不是统一社会信用代码；请向登记机关查换发后的代码",
        "an old registration number of 13 digits; look up the unified social credit code issued instead",
    ),
    "code_old_15_char_coop_regno_NA": (
        "这是农民专业合作社的旧注册号（NA…X），不是统一社会信用代码；请查换发后的代码",
        "an old registration number of a co-operative (NA…X); look up the code issued instead",
    ),
    "code_foreign_invested_old_text_no": (
        "这是外商投资企业的旧文字注册号，不是统一社会信用代码；请查换发后的代码",
        "an old registration number in words of a foreign-invested firm; look up the code issued instead",
    ),
    "code_old_org_code_9_with_hyphen": (
        "这是9位组织机构代码，不是统一社会信用代码；请查换发后的代码",
        "an organisation code of 9 characters; look up the unified social credit code issued instead",
    ),
    "code_old_org_code_9": (
        "这是9位组织机构代码，不是统一社会信用代码；请查换发后的代码",
        "an organisation code of 9 characters; look up the unified social credit code issued instead",
    ),
    "code_number_format_lost": (
        "代码被表格软件改成了数字，末位已丢失；请把该列设为文本后重新填写",
        "a spreadsheet turned the code into a number and lost its last digits; type it again as text",
    ),
    "code_stored_as_number": (
        "Excel 把代码存成了数字，只留15位，问号处已丢失、无法恢复；请把该列设为文本，对照营业执照重填",
        "Excel kept the code as a number: the digits at the question marks are lost; type it again as text",
    ),
    "code_is_text": (
        "代码栏是文字，不是统一社会信用代码",
        "the code is a text, no unified social credit code",
    ),
    "code_lowercase_placeholder_x": (
        "代码中的小写字母是占位符，改成大写后校验码也不对；请对照营业执照填写",
        "a small letter is a placeholder: in capitals the check character is wrong; compare the licence",
    ),
    "code_bad_characters": (
        "代码含有不该出现的字符（前8位应为数字，不用字母 I、O、S、V、Z）",
        "the code holds characters that no code has (the first 8 are digits; no I, O, S, V, Z)",
    ),
    "code_check_digit_wrong": (
        "校验码不对：末位应为 {expected}；请对照营业执照核对每一位",
        "the check character is wrong: it should be {expected}; compare every character with the licence",
    ),
    "code_other_len": (
        "代码有 {length} 位，统一社会信用代码应为18位",
        "the code has {length} characters, a unified social credit code has 18",
    ),
    "code_not_an_id": (
        "编号只能由31位以内的字母、数字、点、横线组成",
        "the number may hold at most 31 letters, digits, dots, dashes",
    ),
    # refused: the row
    "broken_quoting_shifted_columns": (
        "这一行的列错位了（{where_zh}）；请检查引号和逗号",
        "the columns of this row are shifted ({where_en}); check its quotation marks and commas",
    ),
    "cell_formula_error": (
        "“{heading}”里的公式出错（{value}）；请改成具体的值",
        "the formula in {heading} gives an error ({value}); write the value itself",
    ),
    "name_missing": ("没有填写名称", "there is no name"),
    "too_long": ("“{heading}”超过 {longest} 个字符", "{heading} is longer than {longest} characters"),
    "date_unreadable": (
        "“{heading}”不是日期；请写成 2026-03-02 的样子",
        "{heading} is no date; write it like 2026-03-02",
    ),
    "status_unknown": (
        "登记状态只能是存续、注销、吊销、撤销、迁出",
        "the status can be active (存续), deregistered (注销), revoked (吊销) or moved out (迁出)",
    ),
    "kind_unknown": ("没有这种检查对象类型", "there is no such kind of subject"),
    "credit_class_unknown": ("信用风险分类只能是 A、B、C、D", "the credit-risk class can be A, B, C or D"),
    "region_not_a_code": (
        "“{heading}”应为行政区划代码（6、9或12位数字）",
        "{heading} should be a division code (6, 9 or 12 digits)",
    ),
    "certificate_missing": ("没有填写执法证号", "there is no certificate number"),
    "certificate_not_an_id": (
        "执法证号只能由31位以内的字母、数字、点、横线组成",
        "a certificate number may hold at most 31 letters, digits, dots, dashes",
    ),
    "body_missing": ("没有填写所在单位", "there is no body"),
    "body_unknown": (
        "系统中没有这个机关；请填机关的代号或全称",
        "there is no such body; give its token or full name",
    ),
    "body_elsewhere": (
        "这个机关不在您的管辖范围内；请由该机关或其上级导入",
        "this body is not yours nor below yours; let it or a body above it import the row",
    ),
    "subject_elsewhere": (
        "检查对象（{value}）不在您的辖区内；请由当地机关或其上级导入",
        "the subject ({value}) is outside your area; let the body there or one above it import it",
    ),
    "inspector_elsewhere": (
        "这名执法人员不属于您的机关或下级机关；请由其所在机关导入",
        "this inspector is not of your body nor of one below; let the inspector's own body import the row",
    ),
    "not_a_token": (
        "“{heading}”应为代号（字母、数字、点、横线，64位以内）",
        "{heading} should be a token (letters, digits, dots, dashes, at most 64)",
    ),
    "inspector_unknown": ("名录库中没有这个执法证号", "no inspector has this certificate number"),
    "subject_unknown": ("名录库中没有这个检查对象", "no subject has this code"),
    "ground_unknown": (
        "回避事由请填代号，或填：近亲属、曾任职、经济利益、纠纷、其他",
        "give the ground as a token, e.g. relative, former-employee, financial-interest, dispute, other",
    ),
    "visit_wrong": ("“{name}”不对：{why_zh}", "{name_en} is wrong: {why_en}"),
    "relation_unknown": (
        "关系只能是：任职、持股、代表、近亲属任职、近亲属持股",
        "the relation can be employed, owns, represents, relative-works or relative-owns",
    ),
    "link_kind_unknown": (
        "标识类型只能是：证件号码、电话、地址、上级公司",
        "the kind can be person, phone, address or parent",
    ),
    "link_value_missing": ("没有填写标识", "there is no identifier"),
    "days_out_of_order": ("截止日期早于起始日期", "the last day is before the first"),
    "item_unknown": (
        "事项清单中没有编号为 {value} 的事项；请核对事项编码",
        "no item has the code {value}; check it against the item list",
    ),
    "scope_unreadable": (
        "“{heading}”不是可以读懂的范围表达式；请参照筛选说明填写，如 industry = 62",
        "{heading} is no scope expression; write it like industry = 62",
    ),
    "day_of_another_year": (
        "“{heading}”不在 {year} 年；请核对日期",
        "{heading} is not in {year}; check the date",
    ),
    "number_missing": ("没有填写事项编号", "there is no item number"),
    "class_older": (
        "{day} 的分类早于库中 {known} 的分类，未采用；请导入最新一期",
        "the class of {day} is older than the one on record of {known}; import the newest file",
    ),
    "class_differs": (
        "库中同日（{day}）的分类是 {known}，与本行不同，未改动；请向来源单位核实，更正后以较晚的日期导入",
        "the class on record of the same day ({day}) is {known}; ask the source; import with a later date",
    ),
    "class_from_the_future": (
        "分类日期 {value} 还没有到；请核对日期",
        "the date {value} is in the future; check it",
    ),
    # repeated
    "duplicate_row": (
        "代码重复：第 {first} 行已收，本行各项相同，未再收",
        "the same code again: line {first} was taken, this row says the same",
    ),
    "duplicate_code_fields_differ": (
        "代码重复：保留第 {first} 行；不同之处：{differences}",
        "the same code again: line {first} was kept; they differ in {differences}",
    ),
    "already_registered": (
        "库中已有此代码，各项相同，未再收",
        "this code is in the registry already and says the same",
    ),
    "already_registered_fields_differ": (
        "库中已有此代码，保留原记录；不同之处：{differences}",
        "this code is in the registry already; that record was kept; they differ in {differences}",
    ),
    "already_registered_elsewhere": (
        "库中已有此代码，登记在您的辖区以外；原记录保留，不作比较",
        "this code is in the registry already, outside your area; that record was kept and is not compared",
    ),
    # changed
    "base_fields_changed": (
        "库中已有此代码，按登记来源更新：{differences}",
        "this code is in the registry; the registration source changes it: {differences}",
    ),
    "withdrawn_taken_back": (
        "此代码曾随批次撤回，现重新收入",
        "this code was taken back with its batch, and comes in again",
    ),
    # noted
    "code_lowercase_valid_if_upper": (
        "代码中的小写字母已改为大写",
        "small letters in the code were made capitals",
    ),
    "code_fullwidth": (
        "代码中的全角字符已改为半角",
        "full-width characters in the code were made half-width",
    ),
    "code_surrounding_blanks": ("代码前后的空格已去除", "blanks around the code were removed"),
    "control_char_in_cell": (
        "“{heading}”中的控制字符已去除",
        "control characters in {heading} were removed",
    ),
    "name_trailing_fullwidth_space": (
        "名称前后的全角空格已去除",
        "full-width blanks around the name were removed",
    ),
    "surrounding_blanks": ("“{heading}”前后的空格已去除", "blanks around {heading} were removed"),
    "text_normalised": (
        "“{heading}”中的异体编码已统一（NFC）",
        "other encodings of the same characters in {heading} were made one (NFC)",
    ),
    "name_lost_char_question_mark": (
        "名称里有“?”，可能丢失了汉字；已收，请核对名称",
        "the name holds a question mark where a character may have been lost; taken, please check the name",
    ),
    "industry_not_a_code": (
        "“{heading}”不是行业代码（GB/T 4754），未保存",
        "{heading} is no industry code (GB/T 4754) and was not kept",
    ),
}


class Finding(NamedTuple):
    """One entry of the report; plain values only, so that it passes between processes."""

    line: int
    outcome: str
    code: str
    value: str
    reason_zh: str
    reason_en: str


def finding(line: int, outcome: str, code: str, value: str, /, *, why: str = "", **facts: Any) -> Finding:
    """An entry; its reason is the sentence `why`, else that of its code (without the length it ends in)."""
    zh, en = REASONS[why or (code.rstrip("0123456789") if code.startswith("code_other_len") else code)]
    value = value[:VALUE_LONGEST]
    return Finding(
        line, outcome, code, value, zh.format(value=value, **facts), en.format(value=value, **facts)
    )


def joined(notes: list[Finding]) -> Finding:
    """One entry for a row with several notes: the first names it, the reasons stand together."""
    first = notes[0]
    return first._replace(
        reason_zh="；".join(note.reason_zh for note in notes),
        reason_en="; ".join(note.reason_en for note in notes),
    )
