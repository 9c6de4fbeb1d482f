"""Sentences of the errors of the working-day calendar."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "calendar_year_missing": (
        "工作日历中没有 {year} 年，未作任何推算。请由登记人员在“工作日历”页录入国务院办公厅公布的 {year} 年放假安排。",
        "The working-day calendar does not hold {year}, and nothing is guessed. Have a registrar enter the State Council's holidays of {year} on the page 工作日历.",
    ),
    "unreadable_holidays": (
        "放假安排读不懂：“{line}”。请粘贴国务院办公厅通知中的各条，例如“一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。”",
        "The holidays cannot be read: “{line}”. Paste the State Council's own lines, each with its days as 1月1日至3日放假 and 1月4日上班.",
    ),
    "calendar_year_there": (
        "{year} 年已在工作日历中。个别日期有变动的，请逐日调整并写明原因。",
        "The calendar holds {year} already. Change single days one by one, with the reason.",
    ),
}
