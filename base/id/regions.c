// SPDX-License-Identifier: Apache-2.0
// Data: administrative division codes of GB/T 2260.
//
// Provinces: GB/T 2260-2007. Counties of Qingdao (3702) and Weifang (3707): every code that was in force at
// any time since GB/T 2260-1980, because a citizen number keeps the code of the day it was given. Source: the
// yearly lists of the Ministry of Civil Affairs as compiled by the project yescallop/areacodes (result.csv),
// read in November 2026; `until` is the year a code was abolished.
#include <string.h>

#include "base/id/parts.h"

static const struct {
    char code[3];
    const char *name;
} provinces[] = {
    {"11", "北京市"},         {"12", "天津市"},         {"13", "河北省"},           {"14", "山西省"},
    {"15", "内蒙古自治区"},   {"21", "辽宁省"},         {"22", "吉林省"},           {"23", "黑龙江省"},
    {"31", "上海市"},         {"32", "江苏省"},         {"33", "浙江省"},           {"34", "安徽省"},
    {"35", "福建省"},         {"36", "江西省"},         {"37", "山东省"},           {"41", "河南省"},
    {"42", "湖北省"},         {"43", "湖南省"},         {"44", "广东省"},           {"45", "广西壮族自治区"},
    {"46", "海南省"},         {"50", "重庆市"},         {"51", "四川省"},           {"52", "贵州省"},
    {"53", "云南省"},         {"54", "西藏自治区"},     {"61", "陕西省"},           {"62", "甘肃省"},
    {"63", "青海省"},         {"64", "宁夏回族自治区"}, {"65", "新疆维吾尔自治区"}, {"71", "台湾省"},
    {"81", "香港特别行政区"}, {"82", "澳门特别行政区"},
};

static const struct {
    char code[7];
    const char *name;
    unsigned until; // 0: in force
} counties[] = {
    {"370202", "市南区", 0},    {"370203", "市北区", 0},    {"370204", "台东区", 1994},
    {"370205", "四方区", 2012}, {"370206", "沧口区", 1994}, {"370211", "黄岛区", 0},
    {"370212", "崂山区", 0},    {"370213", "李沧区", 0},    {"370214", "城阳区", 0},
    {"370215", "即墨区", 0},    {"370221", "崂山县", 1988}, {"370222", "即墨县", 1989},
    {"370223", "胶南县", 1990}, {"370224", "胶县", 1987},   {"370225", "莱西县", 1990},
    {"370226", "平度县", 1989}, {"370281", "胶州市", 0},    {"370282", "即墨市", 2017},
    {"370283", "平度市", 0},    {"370284", "胶南市", 2012}, {"370285", "莱西市", 0},
    {"370702", "潍城区", 0},    {"370703", "寒亭区", 0},    {"370704", "坊子区", 0},
    {"370705", "奎文区", 0},    {"370721", "益都县", 1986}, {"370722", "安丘县", 1994},
    {"370723", "寿光县", 1993}, {"370724", "临朐县", 0},    {"370725", "昌乐县", 0},
    {"370726", "昌邑县", 1994}, {"370727", "高密县", 1994}, {"370728", "诸城县", 1987},
    {"370729", "五莲县", 1992}, {"370781", "青州市", 0},    {"370782", "诸城市", 0},
    {"370783", "寿光市", 0},    {"370784", "安丘市", 0},    {"370785", "高密市", 0},
    {"370786", "昌邑市", 0},
};

static const struct {
    char code[5];
    const char *name;
} cities[] = {{"3702", "青岛市"}, {"3707", "潍坊市"}};

static const char *province_name(const char *code)
{
    for (size_t i = 0; i < sizeof provinces / sizeof *provinces; i++)
        if (memcmp(provinces[i].code, code, 2) == 0)
            return provinces[i].name;
    return NULL;
}

static const char *city_name(const char *code)
{
    for (size_t i = 0; i < sizeof cities / sizeof *cities; i++)
        if (memcmp(cities[i].code, code, 4) == 0)
            return cities[i].name;
    return NULL;
}

static const char *county_name(const char *code)
{
    for (size_t i = 0; i < sizeof counties / sizeof *counties; i++)
        if (memcmp(counties[i].code, code, 6) == 0)
            return counties[i].name;
    return NULL;
}

bool zt_province_known(const char *code)
{
    return province_name(code) != NULL;
}

bool zt_county_known(const char *code)
{
    if (!province_name(code))
        return false;
    return !city_name(code) || county_name(code);
}

struct zt_region zt_region_of(const char *code)
{
    struct zt_region region = {"", "", ""};
    if (strspn(code, "0123456789") < 6 || !province_name(code))
        return region;
    region.province = province_name(code);
    if (city_name(code))
        region.city = city_name(code);
    if (county_name(code))
        region.county = county_name(code);
    return region;
}
