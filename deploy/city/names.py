# SPDX-License-Identifier: Apache-2.0
"""Names of imaginary people and organisations."""

SURNAMES = (
    [(name, 24) for name in "王李张刘陈杨"]
    + [(name, 10) for name in "赵孙徐马于宋姜韩曲高"]
    + [(name, 5) for name in "周吴黄胡朱林郭何罗郑梁谢唐许邓冯曹彭曾肖田董潘袁蔡蒋余杜叶程魏苏吕丁任卢姚沈钟崔谭陆范汪廖石金贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴莫孔向汤"]
    + [(name, 2) for name in ("逄", "隋", "臧", "牟", "綦", "矫", "仇", "解", "单", "欧阳", "诸葛", "上官", "司马", "东方")]
)
MEN = "伟强磊军勇杰涛明超刚平辉鹏飞斌波宇浩凯健俊帆旭峰建国志文华成龙海山林东晓阳庆生德福永祥光荣立新春根宝玉柱泽轩子睿晨瑞"
WOMEN = "芳娜敏静丽艳娟霞秀兰英红梅玲燕萍桂华洁琳雪倩颖慧莉莹珍香月凤淑惠云莲真环爱妹欣怡梦佳琪涵诗雨梓萱可馨玥彤"
# Characters outside the first table of GB 2312, and one outside the Basic Multilingual Plane: they must survive every
# encoding on the way.
RARE = "喆堃翀昉珺琎祎彧赟骉\U0002b4e7\U0002c029"

ETHNICITIES = [("01", 970), ("11", 12), ("03", 8), ("10", 4), ("02", 3), ("06", 1), ("08", 1), ("15", 1)]

BRANDS = "鸢海瀛岱弘恒瑞盛华泰信诚达通远航鼎鑫润泽启明安和同创新天宇金桥蓝湾云帆"
TRADES = (  # name, class of GB/T 4754-2017
    ("机械制造", "3411"), ("装备科技", "3514"), ("纺织", "1711"), ("食品加工", "1391"), ("建筑工程", "4720"), ("物流", "5431"),
    ("软件技术", "6513"), ("商贸", "5191"), ("餐饮管理", "6210"), ("物业服务", "7020"), ("海洋工程", "3737"), ("农业科技", "0119"),
    ("医疗器械", "3581"), ("电子商务", "5292"), ("广告传媒", "7251"), ("环保工程", "7721"),
)
SYNTHETIC = "(合成)"  # stands in the name of every organisation


class Names:
    def __init__(self, dice):
        self.dice = dice
        self.companies = set()

    def surname(self):
        return self.dice.weighted(SURNAMES)

    def given(self, female):
        pool = WOMEN if female else MEN
        if self.dice.chance(0.004):
            pool = RARE
        first = self.dice.pick(pool)
        return first if self.dice.chance(0.25) else first + self.dice.pick(WOMEN if female else MEN)

    def company(self, city, form):
        """A name that nobody has yet, and the code of its trade (GB/T 4754)."""
        while True:
            trade, code = self.dice.pick(TRADES)
            brand = self.dice.pick(BRANDS) + self.dice.pick(BRANDS)
            if self.dice.chance(0.5):
                brand += self.dice.pick(BRANDS)
            name = f"{city}{brand}{trade}{form}{SYNTHETIC}"
            if name not in self.companies:
                self.companies.add(name)
                return name, code
