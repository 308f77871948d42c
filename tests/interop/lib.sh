# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# For the interop tests: a folder with keys of a ceremony and one fresh certificate of each algorithm.
#   $work/ES256.cert $work/SM2.cert   $work/site/trust/{es256,sm2}-root.pem
set -euo pipefail
: "${ZT_SOURCE_DIR:?}" "${ZT_BIN_DIR:?}" "${ZT_BUILD_DIR:?}"
work=$(mktemp -d "${TMPDIR:-/tmp}/zt-test.XXXXXX")
trap 'rm -rf "$work"' EXIT
department=civil_affairs
# shellcheck disable=SC2034 # the tests read it
uscc=11370700MB9X0012XA

PATH="$ZT_BIN_DIR:$PATH" "$ZT_SOURCE_DIR/deploy/key-ceremony" "$work/site" --departments "$department" \
    --parties '' --batch-keys '' >"$work/ceremony.log" 2>&1 || { cat "$work/ceremony.log"; exit 1; }
for alg in ES256 SM2; do
    "$ZT_BUILD_DIR/tests/zt-make-certificate" "$work/site/keys" "$department" "$uscc" "$alg" >"$work/$alg.cert"
done

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

# change FILE N OUT: the same text with the character at offset N replaced by another one of its alphabet.
change() {
    local was now
    was=$(dd if="$1" bs=1 skip="$2" count=1 status=none)
    now=A
    [ "$was" != A ] || now=B
    cp "$1" "$3"
    printf '%s' "$now" | dd of="$3" bs=1 seek="$2" conv=notrunc status=none
}
