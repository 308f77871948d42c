# SPDX-License-Identifier: Apache-2.0
"""Districts of Weifang and Qingdao (GB/T 2260) and streets that do not exist."""

WEIFANG = [
    ("370702", "潍城区"), ("370703", "寒亭区"), ("370704", "坊子区"), ("370705", "奎文区"), ("370724", "临朐县"), ("370725", "昌乐县"),
    ("370781", "青州市"), ("370782", "诸城市"), ("370783", "寿光市"), ("370784", "安丘市"), ("370785", "高密市"), ("370786", "昌邑市"),
]
QINGDAO = [
    ("370202", "市南区"), ("370203", "市北区"), ("370211", "黄岛区"), ("370212", "崂山区"), ("370213", "李沧区"), ("370214", "城阳区"),
    ("370215", "即墨区"), ("370281", "胶州市"), ("370283", "平度市"), ("370285", "莱西市"),
]
DISTRICTS = WEIFANG + QINGDAO
NAMES = dict(DISTRICTS)
# Numbers given before a district was abolished stay with their holders: (old code, valid until, district of today).
ABOLISHED = [("370205", 2012, "370203"), ("370282", 2017, "370215"), ("370284", 2012, "370211")]

STREETS = "合成路 试行街 样例路 虚构巷 演示大街 直通路 通办街 鸢都新里 海晏路 云踏街".split()


def city_of(code):
    return "潍坊市" if code.startswith("3707") else "青岛市"


def draw_district(dice):
    return dice.pick(WEIFANG)[0] if dice.chance(0.65) else dice.pick(QINGDAO)[0]


def number_region(dice, district, birth):
    """The region in a citizen number: the district of birth as it was called then."""
    for old, until, today in ABOLISHED:
        if district == today and birth.year < until and dice.chance(0.5):
            return old
    return district


def address(dice, district):
    street = dice.pick(STREETS)
    return (f"山东省{city_of(district)}{NAMES[district]}{street}{dice.between(1, 299)}号"
            f"{dice.between(1, 40)}号楼{dice.between(1, 4)}单元{dice.between(1, 32)}0{dice.between(1, 4)}室")
