"""Sentences of the errors of imports."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "unreadable_file": (
        "文件 {file} 无法读取：{reason}。请另存为 UTF-8 或 GB18030 编码的 CSV 文件再导入。",
        "The file {file} cannot be read: {reason}. Save it as CSV in UTF-8 or GB18030 and import it again.",
    ),
    "file_is_web_page": (
        "文件 {file} 其实是网页（有些系统导出的“Excel”就是网页）。请用 Excel 打开后另存为 XLSX 再导入。",
        "The file {file} is a web page (as some systems export). Open it in Excel, save it as XLSX, import that.",
    ),
    "workbook_protected": (
        "工作簿 {file} 设有打开密码。请在 Excel 中取消密码后另存再导入。",
        "The workbook {file} is protected by a password. Save it without one in Excel and import it again.",
    ),
    "workbook_damaged": (
        "工作簿 {file} 不完整或已损坏，没有导入任何内容。请重新下载，或用 Excel 打开后另存为 XLSX 再导入。",
        "The workbook {file} is damaged or not whole; nothing was imported. Get it anew, or save it as XLSX again.",
    ),
    "workbook_too_large": (
        "工作簿 {file} 解开后超过系统允许的大小。请删去无关的工作表和格式，或另存为 CSV 再导入。",
        "The workbook {file} is larger, unpacked, than allowed. Remove other sheets and formats, or save it as CSV.",
    ),
    "workbook_empty": (
        "工作簿 {file} 里没有可见的、有内容的工作表。请取消隐藏或换一个文件。",
        "The workbook {file} has no visible sheet with rows. Show the hidden sheet or choose another file.",
    ),
    "missing_columns": (
        "文件缺少必需的列：{missing}。文件里的列是：{found}。请补上列名后再导入。",
        "The file lacks columns that are needed: {missing}. Found: {found}. Name them and import again.",
    ),
    "repeated_column": (
        "列“{first}”与“{second}”含义相同（{field}）。请只保留一列。",
        "The columns {first} and {second} both mean {field}. Keep one of them.",
    ),
    "columns_chosen_twice": (
        "有两列选了同一含义。请只保留一列，另一列选“不导入”。",
        "Two columns were given the same meaning. Keep one of them and leave the other out.",
    ),
    "import_not_found": (
        "没有这次导入，或不在您的管辖范围内。请从“批量导入”页面重新进入。",
        "There is no such import in your sight. Open it from the page of imports.",
    ),
    "import_file_too_large": (
        "文件超过 {limit} MB，没有上传。请拆成几个文件，或用命令行导入。",
        "The file is larger than {limit} MB and was not taken. Split it, or import it on the command line.",
    ),
    "wrong_import_state": (
        "这次导入已经进到别的步骤（可能有人刚处理过）。请刷新页面查看现状。",
        "This import is at another step by now (somebody may just have handled it). Reload the page.",
    ),
    "not_registration_source": (
        "只有登记机关（市场监管条线）的文件可以更新主体的登记信息。请去掉“登记来源”后再继续。",
        "Only files of the registration authority change base fields. Take the mark away and go on.",
    ),
    "batch_undone": (
        "这一批次已经撤回过。请查看撤回批次的记录。",
        "This batch was taken back before. Look at the batch that took it back.",
    ),
    "batch_not_undoable": (
        "这类批次不能整批撤回。请到相应名录中逐条更正。",
        "Batches of this kind are not taken back as a whole. Correct the records one by one.",
    ),
}
