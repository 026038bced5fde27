"""The orders that the demonstration knows, with dates as days from today."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final, NamedTuple


class Seed(NamedTuple):
    """One order. Days count from today: -3 is three days ago; `None` where it has not happened."""

    number: str
    item_en: str
    item_zh: str
    cents: int
    email: str
    status: str
    ordered: int
    due: int
    shipped: int | None = None
    scanned: int | None = None
    delivered: int | None = None


# fmt: off
SEEDS: Final = (
    Seed("A1042", "stoneware mug, set of four", "粗陶马克杯四件套", 4800, "mira.holt@example.com",
         "shipped", ordered=-27, due=-21, shipped=-25, scanned=-17),
    Seed("A1043", "fern in a terracotta pot", "陶盆蕨类植物", 2950, "jonas.weber@example.com",
         "delivered", ordered=-9, due=-5, shipped=-8, scanned=-5, delivered=-5),
    Seed("A1044", "brass table lamp", "黄铜台灯", 8900, "li.na@example.com",
         "returned", ordered=-31, due=-26, shipped=-29, scanned=-4, delivered=-26),
    Seed("A1045", "linen cushion cover, pair", "亚麻靠垫套一对", 3600, "sam.okafor@example.com",
         "processing", ordered=-1, due=4),
    Seed("A1046", "wool rug, 120 × 170 cm", "羊毛地毯 120×170 厘米", 14900, "wang.wei@example.com",
         "shipped", ordered=-12, due=-4, shipped=-10, scanned=-6),
    Seed("A1047", "glass vase, 30 cm", "玻璃花瓶 30 厘米", 3400, "elena.rossi@example.com",
         "delivered", ordered=-48, due=-42, shipped=-46, scanned=-42, delivered=-42),
    Seed("A1048", "oak stool", "橡木凳", 7900, "chen.jie@example.com",
         "cancelled", ordered=-6, due=1),
    Seed("A1049", "wall clock", "挂钟", 5200, "priya.nair@example.com",
         "shipped", ordered=-3, due=2, shipped=-2, scanned=-1),
    Seed("A1050", "dinner plates, set of six", "餐盘六件套", 6600, "tom.baker@example.com",
         "delivered", ordered=-14, due=-10, shipped=-13, scanned=-10, delivered=-10),
    Seed("A1051", "blackout curtain, pair", "遮光窗帘一对", 5900, "zhao.min@example.com",
         "processing", ordered=0, due=6),
    Seed("A1052", "reading lamp with clamp", "夹式阅读灯", 4400, "anna.lind@example.com",
         "shipped", ordered=-8, due=0, shipped=-6, scanned=0),
    Seed("A1053", "ceramic planter, large", "大号陶瓷花盆", 5600, "david.kim@example.com",
         "processing", ordered=-11, due=-3),
)
# fmt: on


def rows(today: date) -> list[dict[str, Any]]:
    """Give each order as a row of the table `orders`, its dates in ISO form."""
    return [_row(seed, today) for seed in SEEDS]


def _row(seed: Seed, today: date) -> dict[str, Any]:
    row = seed._asdict()
    for name in ("ordered", "due", "shipped", "scanned", "delivered"):
        days = row.pop(name)
        row[f"{name}_on"] = (
            None if days is None else (today + timedelta(days=int(days))).isoformat()
        )
    return row
