"""The sentences of errors of parties at level C."""

TEXTS: dict[str, tuple[str, str]] = {
    "commitment_refused": (
        "承诺值不被接受（{why:zh}）。请在本页重新生成秘密值，保存文件后再提交。",
        "The commitments were refused ({why:en}). Make the secrets anew on this page, keep the file, and send them again.",
    ),
}
