# SPDX-License-Identifier: Apache-2.0
"""One provident-fund withdrawal as a clerk would tell it, from the face login to the auditor's view.

Every line comes from what the programs answered; a step that does not come out as it should ends the story with an error.
"""

import datetime
import json
import os
import shutil

from installation import InstallationError, wait_for

ITEM = "hpf.withdraw.commercial-loan"
PURPOSE = "hpf-withdrawal"
CASE = "WF-2026-000117"
OFFICER = "clerk-021"
SCOPE = "pb.commercial_housing_loan,pb.loan_repayment_detail,pb.credit_authorization"
VISIBLE_SECONDS = 30
CHINA = datetime.timezone(datetime.timedelta(hours=8))
RESULTS = {"pass": "通过 pass", "fail": "不符 FAIL", "not-asked": "未设 not asked", "not-reached": "未到 not reached", "open": "待核 open"}


def yuan(fen):
    return f"{fen // 100:,}.{fen % 100:02d}"


def mask(number):
    return number[:3] + "***" + number[-2:]


class Story:
    def __init__(self, site, cases):
        self.site = site
        self.date = cases["date"]
        self.case = cases["approved"]
        self.rejected = cases["rejected"]
        self.person = self.case["applicant"]
        self.out = site.path("out")
        self.step_number = 0
        os.makedirs(self.out, exist_ok=True)

    # --- telling ----------------------------------------------------------------------------------------------

    def step(self, zh, en):
        self.step_number += 1
        print(f"\n[{self.step_number}] {zh}\n    {en}", flush=True)

    @staticmethod
    def line(zh, en):
        print(f"    · {zh}  |  {en}", flush=True)

    @staticmethod
    def must(condition, what, details=None):
        if not condition:
            text = json.dumps(details, ensure_ascii=False) if details is not None else ""
            raise InstallationError(f"the story went wrong: {what} {text}")

    def ask(self, party, command, person, *args):
        """A question of the counter with everything that each must name."""
        return self.site.zt_json(party, command, "--item", ITEM, "--purpose", PURPOSE, "--case", CASE, "--officer", OFFICER,
                                 "--subject", f"{person['id_type']}:{person['id_no']}", *args)

    # --- the steps --------------------------------------------------------------------------------------------

    def tell(self):
        name = self.person["name"]
        print(f"\n======== {name}（{mask(self.person['id_no'])}，虚构人物）偿还住房商业贷款提取公积金")
        print("======== A withdrawal from the provident fund to repay a commercial housing loan (synthetic person)")
        consent = self.give_consent(self.person, "consent.jwt")
        amount = self.decide(consent)
        self.decide_rejection()
        self.pay(amount)
        self.check_marriage()
        certificate = self.issue()
        self.verify(certificate)
        self.tamper(certificate)
        self.refuse_stranger()
        self.audit()
        print(f"\n======== 完 · the end. 证明与信任根 certificate and trust roots: {self.out}", flush=True)

    def give_consent(self, person, name):
        self.step("刷脸登录并授权查询征信", "Face login, and consent to the bank's data for this one purpose")
        path = os.path.join(self.out, name)
        status, out, err = self.site.zt(
            None, "consent", "new", "--key", self.site.path("keys", "batch", "city-face-login.pem"), "--kid", "city-face-login-1",
            "--issuer", "city-face-login", "--subject", f"{person['id_type']}:{person['id_no']}", "--consumer", "hpf-centre-app",
            "--purpose", PURPOSE, "--scope", SCOPE, "--minutes", "30", "--out", path)
        self.must(status == 0, "no consent token", {"out": out, "err": err})
        self.line("身份认证平台签发授权凭证，30 分钟内有效", "the identity provider signed a token, good for 30 minutes")
        return path

    def run_scenario(self, case, consent):
        person = case["applicant"]
        args = ["scenario", "hpf-withdrawal", "--item", ITEM, "--purpose", PURPOSE, "--case", CASE, "--officer", OFFICER,
                "--subject", f"{person['id_type']}:{person['id_no']}", "--loan", case["loan"], "--consent", consent, "--applied", self.date]
        if case["spouse"]:
            args += ["--spouse", f"{case['spouse']['id_type']}:{case['spouse']['id_no']}"]
        return self.site.zt_json("hpf-centre-app", *args)

    def show_rules(self, answer):
        """The rule's checks, the records they rest on, and the parts of the amount."""
        for entry in answer["inputs"]:
            versions = ", ".join(f"v{record['version']}" for record in entry["records"][:3])
            more = f" +{len(entry['records']) - 3}" if len(entry["records"]) > 3 else ""
            print(f"      {entry['type']:<30} {entry['status']:<8} {entry['freshness']['state']:<8} {versions}{more}")
        for rule in answer["rules"]:
            print(f"      {rule['id']:<10} {RESULTS.get(rule['result'], rule['result'])}  {rule['name_zh']} | {rule['name_en']}")
        print(f"      window 期间已还 {yuan(answer['paid_fen'])}, withdrawn 已提 {yuan(answer['withdrawn_fen'])}, "
              f"room 余额可用 {yuan(answer['room_fen'])}")

    def decide(self, consent):
        self.step("系统自动取数、比对、计算", "The system fetches, compares and computes; nobody brings a paper")
        status, answer = self.run_scenario(self.case, consent)
        self.must(status == 0, "the withdrawal was not approved", answer)
        amount = answer["amount_fen"]
        self.must(amount == self.case["amount_fen"], "another amount than the rule gives", answer)
        self.show_rules(answer)
        self.line(f"可提取 {yuan(amount)} 元", f"may withdraw {yuan(amount)} yuan")
        return amount

    def decide_rejection(self):
        person = self.rejected["applicant"]
        self.step(f"另一位：{person['name']}，今年已提取过", "Another person, who has withdrawn within the last 12 months")
        consent = self.give_consent(person, "consent-2.jwt")
        status, answer = self.run_scenario(self.rejected, consent)
        self.must(status == 1 and answer.get("code") == self.rejected["code"], "this one must be rejected", answer)
        self.line(f"不予提取：{answer.get('text_zh', '')}", f"rejected {answer['code']}: {answer.get('text_en', '')}")

    def pay(self, amount):
        self.step("公积金中心付款，并发布提取记录", "The fund pays; its own system drops the withdrawal record")
        number = "TQDEMO0000000001"
        now = datetime.datetime.now(CHINA)
        day = self.date.replace("-", "")
        row = {"zjlx": "111", "zjhm": self.person["id_no"], "xm": self.person["name"], "tqbh": number, "grzh": self.case["account"],
               "tqyy": "06", "tqje": f"{amount / 100:.2f}", "ktqe": f"{amount / 100:.2f}", "jkhtbh": self.case["loan"], "fwbh": None,
               "tqqq": self.case["window_from"].replace("-", ""), "tqqz": day, "sqrq": day, "zfrq": day, "skzh": "6229990000000000001",
               "pozjhm": None, "zt": "01", "gxsj": now.strftime("%Y-%m-%d %H:%M:%S"), "hcbz": "1"}
        folder = self.site.path("data", "housing_provident_fund")
        with open(os.path.join(folder, ".story"), "w", encoding="utf-8") as drop:
            drop.write(json.dumps(row, ensure_ascii=False) + "\n")
        os.rename(os.path.join(folder, ".story"), os.path.join(folder, "tqjl_story.jsonl"))

        def visible():
            status, answer = self.ask("hpf-centre-app", "lookup", self.person, "--type", "hf.withdrawal", "--key", number)
            return status == 0 and answer.get("found")

        wait_for(visible, VISIBLE_SECONDS, "the withdrawal record", poll=0.2)
        self.line("适配器读取、签名、发布；记录已可查询", "the adapter read, signed and published it; it can be looked up")

    def check_marriage(self):
        self.step("婚姻状况核验：只答是否一致，不给数据", "Marriage check: match or mismatch, no data leaves")
        status, answer = self.ask("hpf-centre-app", "check", self.person, "--type", "ca.marriage_registration", "op_type=IA")
        self.must(status == 0, "the marriage check must match", answer)
        self.line("已婚登记（IA）：一致", "registered marriage (IA): match")

    def issue(self):
        self.step("签发电子证明", "A signed certificate, at once")
        paths = {}
        for alg, name in (("ES256", "withdrawal-es256.sdjwt"), ("SM2", "withdrawal-sm2.sdjwt")):
            paths[alg] = os.path.join(self.out, name)
            status, answer = self.ask("hpf-centre-app", "issue", self.person, "--type", "hpf_withdrawal_record", "--alg", alg,
                                      "--out", paths[alg])
            self.must(status == 0 and os.path.exists(paths[alg]), f"no {alg} certificate", answer)
            self.line(f"住房公积金提取记录证明（{alg}）{answer['certificate_id']}", f"ledger entry {answer['ledger']['index']}")
        shutil.copytree(self.site.path("trust"), os.path.join(self.out, "trust"), dirs_exist_ok=True)
        return paths["ES256"]

    def verify(self, path):
        self.step("银行离线验证", "The bank verifies it offline, with the trust roots only")
        for name in (path, path.replace("es256", "sm2")):
            status, out, err = self.site.zt(None, "verify", name, "--trust", os.path.join(self.out, "trust"))
            self.must(status == 0, "the certificate must be valid", {"out": out, "err": err})
        for line in out.strip().splitlines():
            print(f"    {line}")

    def tamper(self, path):
        self.step("改动一个字符", "One character is changed")
        with open(path, encoding="ascii") as whole:
            text = whole.read()
        middle = text.index(".") + 40
        changed = text[:middle] + ("A" if text[middle] != "A" else "B") + text[middle + 1:]
        tampered = os.path.join(self.out, "tampered.sdjwt")
        with open(tampered, "w", encoding="ascii") as out:
            out.write(changed)
        status, answer = self.site.zt_json(None, "verify", tampered, "--trust", os.path.join(self.out, "trust"))
        self.must(status == 1, "a changed certificate must be invalid", answer)
        broken = [step for step in answer["steps"] if step["result"] == "fail"]
        self.line(f"无效：未通过“{broken[0]['name_zh']}”", f"invalid: the check \"{broken[0]['name']}\" failed: {broken[0]['text']}")

    def refuse_stranger(self):
        self.step("公证处越权查询公积金余额", "A notary asks for the balance without a right to it")
        status, answer = self.ask("notary-office", "lookup", self.person, "--type", "hf.personal_account")
        self.must(status == 1 and answer.get("status") == "denied", "this must be denied", answer)
        self.line(f"拒绝：{answer['text_zh']}", f"denied ({answer['rule']}): {answer['text_en']}")

    def audit(self):
        self.step("审计员：谁看过他的信息", "The auditor: who looked at this person")
        subject = f"{self.person['id_type']}:{self.person['id_no']}"
        query = ["audit", "search", "--subject", subject, "--reason", "AUDIT-2026-09", "--officer", "auditor-07"]
        status, out, err = self.site.zt("audit-office", *query)
        self.must(status == 0, "the auditor sees nothing", {"out": out, "err": err})
        for line in out.strip().splitlines():
            print(f"    {line}")
        status, answer = self.site.zt_json("audit-office", *query)
        entries = answer["entries"]
        denied = [entry for entry in entries if entry["kind"] == "denial"]
        issued = [entry for entry in entries if entry["kind"] == "issue"]
        self.must(len(denied) == 1 and len(issued) == 2, "one denial and two certificates must be there", answer)
        self.prove(issued[0]["index"])

    def prove(self, index):
        folder = os.path.join(self.out, "proof")

        def proved():
            status, out, _ = self.site.zt("audit-office", "audit", "verify", "--index", str(index), "--reason", "AUDIT-2026-09",
                                          "--officer", "auditor-07", "--save", folder)
            return out if status == 0 else None

        # The checkpoint that covers the newest entry is signed within a second.
        out = wait_for(proved, VISIBLE_SECONDS, "the proof of the entry", poll=0.2)
        for line in out.strip().splitlines():
            print(f"    {line}")
        self.line(f"第 {index} 条记录已证明在签名的检查点之内", f"entry {index} is proved to be in the signed checkpoint")
