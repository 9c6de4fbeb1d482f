"""What errors of accounts say, in both languages, with the way out."""

TEXTS = {
    "unknown_body": (
        "没有代号为 {token} 的机关。请从机关列表中选择。",
        "There is no body {token}. Choose one from the list of bodies.",
    ),
    "unknown_person": (
        "没有代号为 {person} 的人员账户。请核对代号。",
        "Nobody has an account under {person}. Check the token.",
    ),
    "body_exists": (
        "代号 {token} 已被使用。请另取一个代号。",
        "The token {token} is taken. Choose another one.",
    ),
    "body_outside_parent": (
        "区划 {region} 不在上级机关所辖的 {parent_region} 之内。请核对区划代码。",
        "Region {region} lies outside {parent_region}, the region of the body above. Check the code.",
    ),
    "unknown_level": (
        "层级“{level}”无效，应为 province、city 或 county。",
        "Level “{level}” is none of province, city and county.",
    ),
    "malformed_region": ("区划代码“{region}”应为六位数字。", "Region code “{region}” should be six digits."),
    "malformed_username": (
        "用户名“{username}”只能由小写字母、数字、点、连字符和下划线组成，至多 64 个字符。",
        "User name “{username}” may hold lower-case letters, digits, dots, hyphens and underscores only, at most 64.",
    ),
    "account_exists": (
        "用户名 {username} 或人员代号 {person} 已有账户。",
        "User name {username} or person {person} has an account already.",
    ),
    "unknown_role": ("没有“{role}”这一角色。", "There is no role “{role}”."),
    "roles_do_not_combine": (
        "角色组合不被允许：管理员和审计员不得兼任其他角色，且至少要有一个角色。",
        "These roles do not combine: administrator and auditor stand alone, and at least one role is needed.",
    ),
    "weak_password": (
        "密码应为 {shortest} 至 {longest} 个字符，且不得与用户名相同。",
        "A password has {shortest} to {longest} characters and is not the user name.",
    ),
    "sign_in_refused": (
        "用户名或密码不正确。请重新输入。",
        "User name or password is wrong. Please try again.",
    ),
    "sign_in_locked": (
        "尝试次数过多，此用户名已暂停登录。请 {minutes} 分钟后再试，或联系本机关的系统管理员。",
        "Too many attempts: this user name is paused. Try again in {minutes} minutes, or ask your office's administrator.",
    ),
    "wrong_access_code": (
        "查询码与该企业不符，或已过期。请核对；遗失的请到窗口重新申领。",
        "The access code is not this enterprise's, or has ended. Check it; ask for another at the counter.",
    ),
    "api_key_refused": (
        "接口密钥无效、已到期，或不包含所需的权限（{scope}）。请向发放密钥的机关管理员核实。",
        "The API key is not valid, has ended, or lacks the scope {scope}. Ask the administrator who issued it.",
    ),
    "idempotency_key_reused": (
        "幂等键 {value} 已用于另一次不同的调用。请为新的调用换一个幂等键。",
        "The idempotency key {value} stands for another call. Use a new one for a new call.",
    ),
    "unknown_api_key": (
        "没有编号为 {value} 的接口密钥。请从密钥列表中选择。",
        "There is no API key {value}. Choose one from the list.",
    ),
    "invalid_api_key": (
        "接口密钥需要名称、至少一项权限和至少一天的有效期。请补全后再发放。",
        "An API key needs a name, at least one scope and at least one day of validity. Complete it and issue it again.",
    ),
}
