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
        "密码应为 {shortest} 至 {longest} 个字符，且不得与用户名相同。可用几个不相干的词组成。",
        "A password has {shortest} to {longest} characters and is not the user name. A few unrelated words do well.",
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
    "unknown_message": (
        "没有这条消息，或者它不是发给您的。请从消息列表中选择。",
        "There is no such message, or it is not yours. Choose one from your list of messages.",
    ),
    "invalid_api_key": (
        "接口密钥需要名称、至少一项权限和至少一天的有效期。请补全后再发放。",
        "An API key needs a name, at least one scope and at least one day of validity. Complete it and issue it again.",
    ),
    "same_person_twice": (
        "此事须由两个人分别办理，提出的人不能自己确认。请由另一位有权的人员确认。",
        "This takes two persons: whoever asked for it does not confirm it. Have another person confirm it.",
    ),
    "stands_in_for_other_side": (
        "您只是代理对方的角色，不能在同一件事的两边都办理。请由其他有权的人员确认。",
        "You hold this part only by standing in for the other side. Have somebody else confirm it.",
    ),
    "common_password": (
        "此密码太容易被猜到：不得是常见密码、纯数字、键盘或字母的顺序，也不得只由本人姓名或用户名组成。请改用几个不相干的词。",
        "This password is guessed too easily: no common one, no digits alone, no run of letters, not your own name. Use a few unrelated words.",
    ),
    "same_password": ("新密码与原密码相同。请另设一个。", "The new password is the old one. Choose another."),
    "passwords_differ": (
        "两次输入的密码不一致。请重新输入。",
        "The two passwords differ. Type them again.",
    ),
    "wrong_password": ("当前密码不正确。请重新输入。", "The present password is wrong. Please try again."),
    "second_factor_refused": (
        "验证码不正确、已用过或已过期。请输入验证器上的最新验证码，或一个未用过的恢复码。",
        "The code is wrong, was used, or is too old. Enter the newest code of your authenticator, or an unused recovery code.",
    ),
    "first_code_refused": (
        "验证码与此密钥不符。请核对手机时间是否准确，再输入验证器上的最新验证码。",
        "The code does not fit this key. Check your phone's clock, then enter the newest code.",
    ),
    "no_second_factor": ("该账户没有启用第二重验证。", "This account has no second factor."),
    "sign_in_expired": ("登录已超时。请重新输入用户名和密码。", "Signing in took too long. Start again."),
    "invitation_ended": (
        "此链接无效：可能已用过、已被新链接取代或已过期。请联系本机关的系统管理员重新发送。",
        "This link is no good: it was used, replaced, or is too old. Ask your office's administrator for another.",
    ),
    "not_oneself": (
        "不能为自己办理此事。请由另一位有权的人员办理。",
        "Nobody does this for oneself. Have another person do it.",
    ),
    "role_held": (
        "该人员已有此角色，或已有待确认的申请。",
        "The person holds this role already, or a request for it waits.",
    ),
    "role_not_held": ("该人员没有此角色。请刷新页面后再试。", "The person does not hold this role. Reload the page."),
    "grant_decided": ("此申请已经办结。请刷新页面查看结果。", "This request was decided already. Reload the page."),
    "unknown_grant": (
        "没有这项申请，或已办结，或不在您的权限范围内。请从列表进入。",
        "There is no such request, it was decided, or it is not yours to see. Start from the list.",
    ),
    "account_closed": (
        "该账户已停用。如需继续使用，请先恢复账户。",
        "The account is closed. Open it again first.",
    ),
    "account_open": ("该账户没有停用。", "The account is not closed."),
    "second_person_needed": (
        "签署、决定或审计的角色须由两人授予。请用 --by 和 --second 写明提出人和确认人（人员代号，两人不同）。",
        "A role that signs, decides or audits is granted by two persons. Name them with --by and --second (two different person tokens).",
    ),
    "not_lendable": (
        "只能代理对方确有的科室角色；执法检查员、审计员和系统管理员不得代理。请重新选择。",
        "Only desk roles that the other holds can be lent; never an inspector's, auditor's or administrator's. Choose again.",
    ),
    "stand_in_elsewhere": ("代理人须是同一机关的人员。请重新选择。", "A stand-in belongs to the same body. Choose again."),
    "stand_in_period": (
        "代理期限不对：截止日期不得早于起始日期和今天，最长一年。请改正日期。",
        "The days do not hold: the last is neither before the first nor past, and a year is the longest. Correct them.",
    ),
    "stand_in_self": ("不能由本人代理本人。请选择另一位人员。", "Nobody stands in for oneself. Choose another person."),
    "stand_in_not_yours": (
        "代理由被代理人本人或本机关负责人设定。请联系他们办理。",
        "A stand-in is set by who is stood in for, or by the head of the body. Ask them.",
    ),
    "unknown_stand_in": ("没有这项代理，或已结束。", "There is no such stand-in, or it has ended."),
    "single_sign_on": (
        "统一身份认证没有完成。请重新登录；如仍不成功，请改用用户名和密码，或联系系统管理员。",
        "Single sign-on was not completed. Try again; if it stays so, use your user name and password, or ask the administrator.",
    ),
    "single_sign_on_unavailable": (
        "统一身份认证暂时没有响应。请稍后再试，或改用用户名和密码登录。",
        "The identity provider does not answer. Try again later, or sign in with your user name and password.",
    ),
    "no_account_for_sign_on": (
        "您的统一身份在本系统没有对应的有效账户。请联系本机关的系统管理员开通。",
        "Your identity has no open account here. Ask your office's administrator for one.",
    ),
    "not_an_enterprise": (
        "该身份没有关联企业的统一社会信用代码。请用企业的电子营业执照登录，或凭查询码查询。",
        "This identity names no enterprise. Sign in as the enterprise, or use its access code.",
    ),
    "no_key_for_role": (
        "您没有需要签名的这一角色，不能生成签名密钥。",
        "You do not hold a role that signs, so no signing key can be made.",
    ),
    "notice_number_missing": (
        "随通知书发放的查询码须填写通知书文号；在窗口发放的不填。请改正后再签发。",
        "A code that goes with a notice needs the notice's number; one from the counter has none. Correct it.",
    ),
}
