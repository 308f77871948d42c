#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""docs/write-an-adapter.md is tried: its mapping and its configuration read a file, its C compiles."""

import os
import re
import subprocess
import sys
import tempfile

from common import BUILD, SOURCE, check

ROWS = ("tyshxydm,dwmc,dwzh,zt,jznn,qjys,gxsj\n"
        "91370202MA9X00011M,甲公司,Ｕ１,正常,202610,0,2026-10-01 12:00:00\n"
        "91370202MA9X00011M,甲公司,U2,注销,202610,0,2026-10-01 12:00:00\n")


def blocks(text, language):
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def try_mapping(folder, mapping, config):
    drop = os.path.join(folder, "drop")
    os.mkdir(drop)
    with open(os.path.join(drop, "unit_1.csv"), "wb") as out:
        out.write(ROWS.encode("gb18030"))
    with open(os.path.join(folder, "transport.mapping.yaml"), "w", encoding="utf-8") as out:
        out.write(mapping)
    path = os.path.join(folder, "adapter-transport.yaml")
    with open(path, "w", encoding="utf-8") as out:
        out.write(config.replace("../lib/zhitong", os.path.join(BUILD, "lib", "zhitong")).replace("../catalogue", os.path.join(SOURCE, "catalogue"))
                  .replace("/srv/drop/transport", drop))
    done = subprocess.run([os.path.join(BUILD, "bin", "zt-adapter"), "--config", path, "--check"], capture_output=True, text=True, check=False)
    check(done.returncode == 1 and "good rows 1" in done.stdout and "bad rows 1" in done.stdout, done.stdout + done.stderr)
    check("unit_1.csv:3: row.code" in done.stdout, done.stdout)


def try_plugin(folder, code):
    path = os.path.join(folder, "transport.c")
    with open(path, "w", encoding="utf-8") as out:
        out.write('#include "adapters/departments/tables.h"\n' + code)
    done = subprocess.run(["cc", "-std=c11", "-D_GNU_SOURCE", "-I", SOURCE, "-fsyntax-only", "-Wall", "-Wextra", "-Werror", path],
                          capture_output=True, text=True, check=False)
    check(done.returncode == 0, done.stderr)


def main():
    with open(os.path.join(SOURCE, "docs", "write-an-adapter.md"), encoding="utf-8") as handle:
        text = handle.read()
    yaml, code = blocks(text, "yaml"), blocks(text, "c")
    check(len(yaml) == 3 and len(code) == 1, "the guide has other examples than this test knows")
    with tempfile.TemporaryDirectory(prefix="zt-guide-") as folder:
        try_mapping(folder, yaml[0], yaml[1])
        try_plugin(folder, code[0])
    print("the guide's mapping, configuration and plugin work")


if __name__ == "__main__":
    sys.exit(main())
