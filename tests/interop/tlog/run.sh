#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Debian's packaged golang.org/x/mod verifies a ledger that the real sealer and the real zt-signerd made.
set -euo pipefail
: "${ZT_SOURCE_DIR:?}" "${ZT_BIN_DIR:?}" "${ZT_BUILD_DIR:?}"
here="$ZT_SOURCE_DIR/tests/interop/tlog"
sizes=(1 2 255 256 257 1000 65535 65536 65537)
work=$(mktemp -d "${TMPDIR:-/tmp}/zt-tlog.XXXXXX")
signer=
cleanup() {
    [ -z "$signer" ] || { kill "$signer" 2>/dev/null; wait "$signer" 2>/dev/null; } || true
    rm -rf "$work"
}
trap cleanup EXIT

command -v go >/dev/null || { echo "go is missing: install golang-go" >&2; exit 1; }
[ -d /usr/share/gocode/src/golang.org/x/mod/sumdb/tlog ] ||
    { echo "golang.org/x/mod is missing: install golang-golang-x-mod-dev" >&2; exit 1; }
GOFLAGS='' GO111MODULE=off GOPATH=/usr/share/gocode GOPROXY=off GOCACHE="$ZT_BUILD_DIR/go-cache" \
    go build -o "$ZT_BUILD_DIR/tests/tlog_verify" "$here/verify.go"

PATH="$ZT_BIN_DIR:$PATH" "$ZT_SOURCE_DIR/deploy/key-ceremony" "$work/site" --departments civil_affairs --parties '' \
    --batch-keys '' >"$work/ceremony.log" 2>&1 || { cat "$work/ceremony.log"; exit 1; }
origin=$(cut -d+ -f1 "$work/site/trust/ledger.vkey")
printf 'keys: site/keys\nstate: state\nsocket: ipc://%s/signer.sock\norigin: %s\n' "$work" "$origin" \
    >"$work/signer.yaml"
"$ZT_BIN_DIR/zt-signerd" --config "$work/signer.yaml" 2>"$work/signer.log" &
signer=$!

mkdir "$work/made"
"$ZT_BUILD_DIR/tests/make_ledger" "$work/made" "ipc://$work/signer.sock" "$origin" "${sizes[@]}" ||
    { cat "$work/signer.log"; exit 1; }
"$ZT_BUILD_DIR/tests/tlog_verify" "$work/site/trust/ledger.vkey" "$work/made/ledger/tiles" "$work/made" "${sizes[@]}"
"$ZT_BUILD_DIR/tests/ledger_check" "$work/made/ledger" --vkey "$work/site/trust/ledger.vkey"

# The verifier itself can say no: another key, and a checkpoint of another size.
other=$(sed 's/^[^+]*+[0-9a-f]*/zhitong.example\/other+00000000/' "$work/site/trust/ledger.vkey")
printf '%s\n' "$other" >"$work/other.vkey"
if "$ZT_BUILD_DIR/tests/tlog_verify" "$work/other.vkey" "$work/made/ledger/tiles" "$work/made" 257 2>/dev/null; then
    echo "another key was accepted" >&2
    exit 1
fi
cp "$work/made/checkpoint-256" "$work/made/checkpoint-258"
if "$ZT_BUILD_DIR/tests/tlog_verify" "$work/site/trust/ledger.vkey" "$work/made/ledger/tiles" "$work/made" 258 \
    2>/dev/null; then
    echo "a checkpoint of another size was accepted" >&2
    exit 1
fi
