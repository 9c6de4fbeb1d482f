"""Who and where the demonstration is; all invented, regions too (GB/T 2260 leaves 99… free)."""

from dataclasses import dataclass

PASSWORD = "demo-yunchuan"  # noqa: S105 - printed on the first page of the demonstration
PIN = "246810"
CITY = "yc-scjg"
COUNTY = "sm-scjg"

REGIONS = (
    ("990000", "示范省", "", "province"),
    ("990100", "云川市", "990000", "city"),
    ("990102", "东湖区", "990100", "county"),
    ("990103", "西山区", "990100", "county"),
    ("990104", "北港区", "990100", "county"),
    ("990105", "南屏区", "990100", "county"),
    ("990121", "云溪县", "990100", "county"),
    ("990200", "青岚市", "990000", "city"),
    ("990223", "石门县", "990200", "county"),
)
DISTRICTS = ("990102", "990103", "990104", "990105", "990121")


@dataclass(frozen=True)
class Office:
    """A body of the demonstration and how many inspectors it has."""

    token: str
    name: str
    name_en: str
    line: str
    level: str
    region: str
    parent: str = ""
    inspectors: int = 0
    prefix: str = ""
    skills: tuple[str, ...] = ()


OFFICES = (
    Office("yc-gov", "云川市人民政府", "Yunchuan City Government", "government", "city", "990100"),
    Office(
        "yc-scjg",
        "云川市市场监督管理局",
        "Yunchuan Market Regulation",
        "scjg",
        "city",
        "990100",
        "yc-gov",
        120,
        "YCSJ",
        ("food", "special-equipment", "drug", "metrology"),
    ),
    Office(
        "yc-xfzd",
        "云川市消防救援支队",
        "Yunchuan Fire and Rescue",
        "fire",
        "city",
        "990100",
        "yc-gov",
        50,
        "YCXF",
        ("fire",),
    ),
    Office(
        "yc-sthj",
        "云川市生态环境局",
        "Yunchuan Ecology",
        "eco",
        "city",
        "990100",
        "yc-gov",
        40,
        "YCHB",
        ("eco",),
    ),
    Office(
        "yc-rsj",
        "云川市人力资源和社会保障局",
        "Yunchuan Labour",
        "hrss",
        "city",
        "990100",
        "yc-gov",
        30,
        "YCRS",
        ("labour",),
    ),
    Office(
        "yc-zjj",
        "云川市住房和城乡建设局",
        "Yunchuan Housing",
        "housing",
        "city",
        "990100",
        "yc-gov",
        30,
        "YCZJ",
        ("construction",),
    ),
    Office(
        "yc-wlj",
        "云川市文化广电旅游局",
        "Yunchuan Culture",
        "culture",
        "city",
        "990100",
        "yc-gov",
        30,
        "YCWL",
        ("heritage",),
    ),
    Office("yc-gzc", "云川市公证处", "Yunchuan Notary Public Office", "notary", "city", "990100"),
    Office("yc-sfj", "云川市司法局", "Yunchuan Justice", "justice", "city", "990100", "yc-gov"),
    Office(
        "sm-scjg",
        "石门县市场监督管理局",
        "Shimen Market Regulation",
        "scjg",
        "county",
        "990223",
        "",
        4,
        "SMSJ",
        ("food", "special-equipment", "drug", "metrology"),
    ),
)


@dataclass(frozen=True)
class Person:
    """A demo account: user name, name, body, roles; `person` is the token on record."""

    username: str
    name: str
    body: str
    roles: tuple[str, ...]
    certificate: str = ""

    @property
    def person(self) -> str:
        """The token by which the trail and the log know this person."""
        return f"p-{self.username}"


PEOPLE = (
    Person("registrar", "何录云", "yc-scjg", ("registrar",)),
    Person("planner", "李承方", "yc-scjg", ("planner",)),
    Person("supervisor", "周鉴", "yc-sfj", ("supervisor",)),
    Person("head", "韩正平", "yc-scjg", ("head",)),
    Person("reviewer", "沈复核", "yc-scjg", ("reviewer",)),
    Person("credit", "郑信", "yc-scjg", ("credit_officer",)),
    Person("overseer", "严督", "yc-gov", ("overseer",)),
    Person("auditor", "邵明", "yc-gov", ("auditor",)),
    Person("notary", "容公证", "yc-gzc", ("overseer",)),
    Person("admin", "管维", "yc-gov", ("administrator",)),
    Person("inspector", "陈巡", "yc-scjg", ("inspector",), "YCSJ-0001"),
    Person("inspector2", "林查", "yc-scjg", ("inspector",), "YCSJ-0002"),
    Person("county-planner", "石承", "sm-scjg", ("planner", "registrar")),
    Person("county-supervisor", "门鉴", "sm-scjg", ("supervisor", "head")),
    Person("county-reviewer", "山复", "sm-scjg", ("reviewer", "credit_officer")),
    Person("county-inspector", "石巡", "sm-scjg", ("inspector",), "SMSJ-0001"),
)
