"""What the ledger's errors say to a person, in both languages, with the way out."""

TEXTS: dict[str, tuple[str, str]] = {
    "trail_broken": (
        "审计记录不完整：第 {act} 条有误（{what}）。请停止写入，联系系统管理员，用备份核对。",
        "The audit trail does not hold: act {act} is wrong ({what}). Stop writing and compare with a backup.",
    ),
    "log_broken": (
        "公开日志校验不通过（{what}）。请停止写入，联系系统管理员，用备份和已公开的检查点核对。",
        "The public log does not hold ({what}). Stop writing; compare with backups and old checkpoints.",
    ),
    "log_entry_refused": (
        "公开日志不接受这一条目（{member}）。内容未写入，请改正后重试。",
        "The public log does not take this entry ({member}). Nothing was written; correct it and try again.",
    ),
    "log_entry_repeated": (
        "公开日志中已有该项（{what}），同一项只能写入一次。请先查看日志中已有的条目。",
        "The public log holds this already ({what}); it stands there once. Look at that entry.",
    ),
    "plan_not_logged": (
        "抽取 {draw} 的方案尚未写入公开日志。请先由两人签名提交方案。",
        "The plan of draw {draw} is not in the public log. Have it signed by both and committed first.",
    ),
    "wrong_log_key": (
        "当前设置的日志密钥或日志名称与已有日志不符。请恢复原密钥文件和原设置，不要另起新钥。",
        "This log was begun with another key or origin. Restore the key file and the setting.",
    ),
    "log_range": (
        "日志中没有这个范围或大小。当前共 {size} 条，请在此范围内查询。",
        "The log has no such range or size. It holds {size} entries; ask within them.",
    ),
    "weak_pin": (
        "签名密码过于简单。请使用至少六位、不全相同也不连续的数字或更长的口令。",
        "The PIN is too easy. Use six digits or more, neither all alike nor in a row, or a longer phrase.",
    ),
    "wrong_pin": (
        "签名密码不正确，未作任何签名。请核对后重试。",
        "The signing PIN is wrong; nothing was signed. Check it and try again.",
    ),
    "wrong_pin_locked": (
        "签名密码连续输错次数过多，已暂停签名。请 {minutes} 分钟后再试；若非本人操作，请告知系统管理员。",
        (
            "Too many wrong signing PINs; signing is paused. Try again in {minutes} minutes; if it was not you, "
            "tell the administrator."
        ),
    ),
    "no_signing_key": (
        "{person} 没有可用的签名密钥（角色和机关须与所签的事项相符）。请由管理员登记签名密钥后再签名。",
        (
            "{person} has no valid signing key (its role and body must fit what is signed). Have one registered, "
            "then sign."
        ),
    ),
    "key_file": (
        "密钥文件 {name} 已损坏或不完整。请从备份恢复该文件。",
        "The key file {name} is damaged or incomplete. Restore it from a backup.",
    ),
    "file_missing": (
        "文件库中没有该文件（{sha256}）。请核对哈希值，或从备份恢复。",
        "The file store has no such file ({sha256}). Check the hash, or restore it from a backup.",
    ),
    "file_damaged": (
        "文件 {sha256} 的内容与其哈希值不符，已拒绝使用。请从备份恢复。",
        "The content of file {sha256} does not match its hash and was refused. Restore it from a backup.",
    ),
    "seal_broken": (
        "加密内容无法打开：内容被改动，或密钥不是当时的密钥。请恢复原文件和原密钥。",
        "The sealed content does not open: it was changed or the key is another one. Restore file and key.",
    ),
    "bad_witnessed_log": (
        "日志名称或公钥不对（{origin}）。名称取该日志检查点的第一行，公钥是其 /log/key 给出的 64 位十六进制数。",
        "The log's name or key is wrong ({origin}). Give the first line of its checkpoint and the 64 hex digits of its /log/key.",
    ),
    "witnessed_already": (
        "已在见证日志 {origin}。若要换公钥，请先结束见证，再重新登记。",
        "The log {origin} is witnessed already. To change its key, end that first, then add it again.",
    ),
    "not_witnessed": (
        "没有在见证日志 {origin}。请核对名称，或先登记。",
        "No log {origin} is witnessed here. Check the name, or add it first.",
    ),
    "outside_setting": (
        "设置 {setting} 有误（{value}）。请按运维手册“见证与时间戳”一节改正后重启。",
        "The setting {setting} does not hold ({value}). Correct it by the operators' guide and restart.",
    ),
}
