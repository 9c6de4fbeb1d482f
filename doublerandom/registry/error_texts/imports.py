"""Sentences of the errors of imports."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "unreadable_file": (
        "文件 {file} 无法读取：{reason}。请另存为 UTF-8 或 GB18030 编码的 CSV 文件再导入。",
        "The file {file} cannot be read: {reason}. Save it as CSV in UTF-8 or GB18030 and import it again.",
    ),
    "missing_columns": (
        "文件缺少必需的列：{missing}。文件里的列是：{found}。请补上列名后再导入。",
        "The file lacks columns that are needed: {missing}. Found: {found}. Name them and import again.",
    ),
    "repeated_column": (
        "列“{first}”与“{second}”含义相同（{field}）。请只保留一列。",
        "The columns {first} and {second} both mean {field}. Keep one of them.",
    ),
}
