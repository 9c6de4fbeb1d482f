"""Invented subjects, inspectors and conflicts as the CSV files an office would send, from a fixed seed."""

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from faker import Faker

from doublerandom.demo.city import DISTRICTS, OFFICES, PEOPLE, REGIONS, Office

SEED = 20260101
BRAND_CHARACTERS = "鸿禾云瑞祥锦秋嘉木清和天宇佳仁广润金源百川新盛东方华茂启明安泰长青双溪若水临风听雨知味"
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = tuple(pow(3, n, 31) for n in range(17))
CLASSES, CLASS_SHARES = "ABCD", (22186, 5658, 1581, 898)  # Bayannur's pool
GRADES, GRADE_SHARES = ("A", "B", "C", "D"), (550, 370, 78, 2)


@dataclass(frozen=True)
class Trade:
    """An industry of GB/T 4754 with words for company names and its share of a city's businesses."""

    code: str
    words: tuple[str, ...]
    share: int


TRADES = (
    Trade("6210", ("餐饮管理", "酒楼", "餐厅", "食府"), 9),
    Trade("6220", ("快餐", "小吃", "面馆"), 6),
    Trade("5211", ("百货", "超市", "便利店"), 10),
    Trade("5221", ("食品商行", "粮油", "副食"), 9),
    Trade("5251", ("大药房", "医药"), 4),
    Trade("1411", ("食品", "糕点", "饼业"), 4),
    Trade("1353", ("肉制品", "农产品加工"), 3),
    Trade("6110", ("酒店", "宾馆"), 4),
    Trade("2669", ("化工", "新材料"), 3),
    Trade("3411", ("锅炉设备", "机械制造"), 5),
    Trade("3091", ("建材", "陶瓷"), 4),
    Trade("4710", ("建筑工程", "建设"), 7),
    Trade("7010", ("房地产开发", "置业"), 3),
    Trade("7020", ("物业服务", "物业管理"), 4),
    Trade("7261", ("人力资源", "劳务派遣"), 3),
    Trade("6513", ("软件", "信息技术", "网络科技"), 9),
    Trade("8391", ("职业培训", "教育咨询"), 3),
    Trade("9011", ("歌舞娱乐", "文化娱乐"), 3),
    Trade("7291", ("旅行社", "旅游服务"), 3),
    Trade("5431", ("物流", "货运"), 4),
)

SUBJECT_COLUMNS = (
    "企业名称",
    "统一社会信用代码",
    "注册日期",
    "企业类型",
    "注册资本",
    "经营范围",
    "行政区划代码",
    "行业代码",
    "注册地址",
    "登记状态",
    "信用风险分类",
    "分类日期",
)
INSPECTOR_COLUMNS = ("执法证号", "姓名", "所在单位", "执法领域", "执法区域", "专业资格", "职务", "证件有效期")
CONFLICT_COLUMNS = ("执法证号", "统一社会信用代码", "回避事由", "说明")


def check_character(first17: str) -> str:
    """The 18th character of a 统一社会信用代码 (GB 32100-2015)."""
    return ALPHABET[
        -sum(ALPHABET.index(char) * weight for char, weight in zip(first17, WEIGHTS, strict=True)) % 31
    ]


def _ending(word: str, *, small: bool) -> str:
    """How the name of a shop or a company ends."""
    if not small:
        return "有限公司"
    return "" if word[-1] in "店行房" else "店"


def subject_code(region: str, number: int) -> str:
    """A valid code for the n-th invented subject: enterprise, region, and a body of nine that counts up."""
    first17 = f"91{region}MA{number:07d}"
    return first17 + check_character(first17)


def subject_rows(
    chance: random.Random, faker: Faker, regions: tuple[str, ...], count: int, *, first: int, today: date
) -> Iterator[list[str]]:
    """Rows of the registry's monthly file: A-heavy classes, a few gone, ages from months to decades."""
    names = {code: name for code, name, _, _ in REGIONS}
    class_day = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    for number in range(first, first + count):
        region = chance.choice(regions)
        trade = chance.choices(TRADES, [trade.share for trade in TRADES])[0]
        word = chance.choice(trade.words)
        small = chance.random() < 0.35
        brand = "".join(chance.sample(BRAND_CHARACTERS, 2))
        owner = faker.last_name() if chance.random() < 0.2 else ""
        yield [
            f"{names[region]}{owner}{brand}{word}{_ending(word, small=small)}",
            subject_code(region, number),
            (today - timedelta(days=chance.randint(120, 9000))).isoformat(),
            "个体工商户" if small else "有限责任公司",
            f"{chance.choice((5, 10, 50, 100, 200, 500, 1000))}万人民币",
            f"{word}及相关服务",
            region,
            trade.code,
            f"{names[region]}{faker.street_name()}{chance.randint(1, 400)}号",
            chance.choices(("存续", "注销", "吊销"), (968, 22, 10))[0],
            chance.choices(CLASSES, CLASS_SHARES)[0],
            class_day.isoformat(),
        ]


def inspector_rows(chance: random.Random, faker: Faker, office: Office, today: date) -> Iterator[list[str]]:
    """Rows of an office's list of inspectors; some bound to districts, two with certificates run out."""
    named = {person.certificate: person.name for person in PEOPLE if person.certificate}
    for number in range(1, office.inspectors + 1):
        certificate = f"{office.prefix}-{number:04d}"
        bound = office.region.endswith("00") and chance.random() < 0.4 and certificate not in named
        skills = sorted({chance.choice(office.skills), *(office.skills if office.inspectors < 10 else ())})
        if certificate in named:
            skills = sorted({*skills, "food", "lead"})
        elif number % 3 == 0 or office.inspectors < 10:
            skills = sorted({*skills, "lead"})
        expired = office.inspectors > 100 and number % 60 == 0
        yield [
            certificate,
            named.get(certificate) or faker.name(),
            office.token,
            office.line,
            "、".join(sorted(chance.sample(DISTRICTS, chance.choice((1, 2))))) if bound else "",
            "、".join(skills),
            chance.choice(("一级行政执法员", "二级行政执法员", "三级行政执法员", "四级行政执法员")),
            (
                today - timedelta(days=20) if expired else today + timedelta(days=chance.randint(200, 1500))
            ).isoformat(),
        ]


def conflict_rows(
    chance: random.Random, certificates: list[str], codes: list[str], count: int
) -> Iterator[list[str]]:
    """Rows of the personnel office's list of conflicts of interest."""
    grounds = (
        ("relative", "近亲属在该单位任职"),
        ("former-employee", "三年内曾在该单位工作"),
        ("financial-interest", "持有该单位股份"),
    )
    pairs = {(chance.choice(certificates), chance.choice(codes)) for _ in range(count)}
    for certificate, code in sorted(pairs):
        ground, words = chance.choice(grounds)
        yield [certificate, code, ground, words]


def write(path: Path, columns: tuple[str, ...], rows: Iterator[list[str]] | list[list[str]]) -> Path:
    """Write rows as the UTF-8 CSV with BOM that offices exchange."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)
    return path


def generators(salt: int) -> tuple[random.Random, Faker]:
    """Seeded generators: the same demonstration on every machine."""
    faker = Faker("zh_CN")
    faker.seed_instance(SEED + salt)
    return random.Random(SEED + salt), faker  # noqa: S311 - invented data, nothing is drawn with it


def write_pools(folder: Path, today: date) -> dict[str, Path]:
    """Write all files an office would import: 20 000 subjects and the county's 900, inspectors, conflicts."""
    folder.mkdir(parents=True, exist_ok=True)
    chance, faker = generators(1)
    city = list(subject_rows(chance, faker, DISTRICTS, 20_000, first=1, today=today))
    county = list(subject_rows(*generators(2), ("990223",), 900, first=50_001, today=today))
    inspectors = [
        row
        for office in OFFICES
        if office.inspectors
        for row in inspector_rows(*generators(3), office, today)
    ]
    certificates = [row[0] for row in inspectors if row[2].startswith("yc")]
    catering = [row[1] for row in city if row[7].startswith("62")]
    conflicts = list(conflict_rows(chance, certificates, catering, 260))
    return {
        "subjects": write(folder / "subjects.csv", SUBJECT_COLUMNS, city + county),
        "inspectors": write(folder / "inspectors.csv", INSPECTOR_COLUMNS, inspectors),
        "conflicts": write(folder / "conflicts.csv", CONFLICT_COLUMNS, conflicts),
    }


def grades(codes: list[str]) -> list[tuple[str, str]]:
    """A published sector grade (A, B, C, D) for each catering business."""
    chance, _ = generators(4)
    return [(code, chance.choices(GRADES, GRADE_SHARES)[0]) for code in codes]
