"""What errors of the ground floor say, in both languages, with the way out; rooms have their own."""

TEXTS = {
    "error": (
        "操作未能完成，没有任何改动。请返回检查后再试。",
        "This could not be done, and nothing was changed. Go back, check and try again.",
    ),
    "not_found": (
        "没有找到这条记录，或您无权查看。请核对编号，或从列表进入。",
        "There is no such record, or it is not yours to see. Check the number, or start from the list.",
    ),
    "not_allowed": (
        "您无权进行此操作。如确有需要，请联系本机关的系统管理员。",
        "You may not do this. If you need to, ask your office's administrator.",
    ),
    "sign_in_needed": ("此页面供工作人员使用，请先登录。", "This page is for staff. Please sign in first."),
    "key_needed": (
        "此地址供系统调用，请在 Authorization 请求头中出示接口密钥（权限 {scope}）。",
        "This address is for systems: show an API key with the scope {scope} in the Authorization header.",
    ),
    "invalid_call": (
        "调用的内容有 {count} 处不合接口格式，没有任何改动。请对照接口文档改正后重新调用。",
        "The call breaks the API's format in {count} places; nothing was changed. Mend it by the API's document and call again.",
    ),
    "role_missing": (
        "您的账户没有此页面所需的角色。如确有需要，请联系本机关的系统管理员。",
        "Your account lacks the role that this page asks for. If you need it, ask your office's administrator.",
    ),
    "second_factor_needed": (
        "您的角色须启用第二重验证后才能使用。请先在“我的账户”中绑定验证器。",
        "Your role works with a second factor only. Enrol an authenticator under your account first.",
    ),
    "fresh_sign_in_needed": (
        "此操作须重新验证身份。请再次输入密码和验证码后继续。",
        "This needs you to prove again who you are. Enter your password and code, then go on.",
    ),
    "wrong_state": (
        "当前状态下不能进行此操作，没有任何改动。请返回查看最新状态。",
        "This cannot be done in the present state, and nothing was changed. Go back and look at the state.",
    ),
    "invalid_input": (
        "填写的内容不符合要求，没有任何改动。请返回修改后再提交。",
        "Something filled in does not hold, and nothing was changed. Go back, mend it and send it again.",
    ),
    "invalid_form": (
        "有 {count} 处需要修改，没有任何改动。",
        "{count} thing(s) need mending; nothing was changed.",
    ),
    "form_expired": (
        "页面停留过久或已退出登录，表单未被接受。请返回刷新页面后再提交。",
        "The form was open too long or you were signed out, so it was not accepted. Go back, reload the page and send it again.",
    ),
    "http": (
        "请求未能完成（{status}）。请返回上一页，或从首页进入。",
        "The request could not be met ({status}). Go back, or start from the home page.",
    ),
    "http_400": ("请求的格式不对。请返回上一页再试。", "The request is malformed. Go back and try again."),
    "http_401": ("请先登录。", "Please sign in first."),
    "http_403": ("您无权查看此页面。", "You may not see this page."),
    "http_404": (
        "没有这个页面。请核对网址，或从首页进入。",
        "There is no such page. Check the address, or start from the home page.",
    ),
    "http_405": (
        "此地址不接受这种请求方式。请从页面上的按钮或链接进入。",
        "This address does not take that kind of request. Use the buttons and links of the pages.",
    ),
    "http_413": (
        "提交的内容过大。请缩小文件后再试。",
        "What was sent is too large. Make the file smaller and try again.",
    ),
    "http_415": ("不支持这种内容类型。", "This type of content is not supported."),
    "http_429": ("请求过于频繁，请稍后再试。", "Too many requests. Please try again a little later."),
    "http_500": (
        "系统出错，您的操作没有生效。请稍后再试；如仍有问题，请将编号 {request_id} 告知管理员。",
        "Something broke on our side and nothing was changed. Try again later; if it stays, tell the administrator the number {request_id}.",
    ),
    "http_503": ("系统正在维护，请稍后再试。", "The system is under maintenance. Please try again later."),
}
