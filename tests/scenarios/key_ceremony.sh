#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# deploy/key-ceremony: what it makes, with which modes; that it keeps what is there, says nothing secret, and refuses nonsense.
set -euo pipefail
: "${ZT_SOURCE_DIR:?}" "${ZT_BIN_DIR:?}"
work=$(mktemp -d "${TMPDIR:-/tmp}/zt-test.XXXXXX")
trap 'rm -rf "$work"' EXIT
export PATH="$ZT_BIN_DIR:$PATH"
ceremony=$ZT_SOURCE_DIR/deploy/key-ceremony
site=$work/site

fail() {
    echo "FAILED: $*" >&2
    exit 1
}
mode_is() { # MODE FILE...
    local want=$1 file
    shift
    for file in "$@"; do
        [ "$(stat -c %a "$file")" = "$want" ] || fail "$file has mode $(stat -c %a "$file"), not $want"
    done
}
refuses() { # WHY ARGUMENTS...
    local why=$1
    shift
    if "$ceremony" "$@" >"$work/out" 2>&1; then fail "accepted: $*"; fi
    grep -q "$why" "$work/out" || { cat "$work/out"; fail "the refusal of '$*' does not say: $why"; }
}

# 1. An installation as the demo has it.
mkdir -p "$site/etc/parties"
cp -r "$ZT_SOURCE_DIR/catalogue/demo/parties" "$site/etc/parties/"
"$ceremony" "$site" --departments civil_affairs,tax >"$work/log" 2>&1 || { cat "$work/log"; fail "the ceremony"; }
secrets=$(find "$site" -name '*.key' -o -path '*/keys/batch/*.pem')
[ "$(wc -l <<<"$secrets")" -ge 25 ] || fail "too few keys: $secrets"
# shellcheck disable=SC2086 # one file a line, no blanks in them
mode_is 400 $secrets
mode_is 700 "$site/keys" "$site/keys/issuers/tax" "$site/keys/ledger" "$site/keys/batch" "$site/offline"
mode_is 444 "$site"/trust/*.pem "$site"/trust/ledger.vkey "$site"/etc/parties/keys/*.pem
[[ $(cat "$site/keys/broker/node.key") =~ ^[0-9a-f]{64}$ ]] || fail "node.key is not 64 hexadecimal digits"
for party in hpf-centre-app audit-office tax banks; do
    cmp -s "$site/keys/parties/$party.pub" "$site/etc/parties/keys/$party.pub" || fail "the public key of $party is not there"
done
[ ! -e "$site/keys/parties/city-face-login.key" ] || fail "an identity provider needs no CURVE key"
for pair in public_security:public-security-batch-1 pboc:banks-batch-1 city-face-login:city-face-login-1; do
    openssl pkey -in "$site/keys/batch/${pair%:*}.pem" -pubout 2>/dev/null | cmp -s - "$site/etc/parties/keys/${pair#*:}.pem" ||
        fail "the signing key of $pair and its public half differ"
done
[ "$(zt key vkey --name zhitong.example/ledger/weifang --key "$site/keys/ledger/ed25519.key")" = "$(cat "$site/trust/ledger.vkey")" ] ||
    fail "ledger.vkey is not what zt says"

# 2. Nothing secret was said.
while read -r file; do
    secret=$(grep -v -- '-----' "$file" | head -n 1)
    if grep -qF -- "${secret:0:32}" "$work/log"; then fail "the log shows $file"; fi
done <<<"$secrets"

# 3. Chains: link by link for SM2, because the openssl command line cannot do three levels (openssl#23471).
for alg in es256 sm2; do
    id=()
    [ $alg = es256 ] || id=(-vfyopt distid:1234567812345678)
    openssl verify "${id[@]}" -trusted "$site/trust/$alg-root.pem" "$site/offline/$alg-issuing.pem" >/dev/null
    openssl verify "${id[@]}" -partial_chain -trusted "$site/offline/$alg-issuing.pem" "$site/keys/issuers/tax/$alg.chain.pem" >/dev/null
    openssl x509 -in "$site/keys/issuers/tax/$alg.chain.pem" -noout -subject -nameopt multiline,-esc_msb,utf8 >"$work/subject"
    grep -q 'organizationIdentifier *= 11370700MB9X00138A' "$work/subject" || fail "$alg: no social credit code"
    grep -q 'organizationName *= 国家税务总局潍坊市税务局' "$work/subject" || { cat "$work/subject"; fail "$alg: no name"; }
    [ "$(grep -c BEGIN "$site/keys/issuers/tax/$alg.chain.pem")" = 2 ] || fail "$alg: the chain is not leaf and issuing"
done

# 4. Again: nothing changes. A further department: only it is made.
sums() { find "$site" -type f -exec sha256sum {} + | sort -k2; }
sums >"$work/before"
"$ceremony" "$site" --departments civil_affairs,tax >"$work/log2" 2>&1
grep -q '^key ceremony: 0 files made' "$work/log2" || { cat "$work/log2"; fail "the second run made something"; }
sums | cmp -s - "$work/before" || fail "the second run changed something"
"$ceremony" "$site" --departments 'water=11370700MB9X90209M=某市水利局' --parties new-app --batch-keys '' >"$work/log3" 2>&1
sums | diff "$work/before" - | grep '^<' && fail "the third run changed something that was there"
[[ -e $site/keys/issuers/water/sm2.chain.pem && -e $site/keys/parties/new-app.key ]] || fail "the third run made too little"

# 5. One lost chain is made again for the same key; without the offline folder it cannot be.
rm "$site/keys/issuers/tax/sm2.chain.pem"
"$ceremony" "$site" --departments tax >/dev/null 2>&1
openssl x509 -in "$site/keys/issuers/tax/sm2.chain.pem" -noout -pubkey | cmp -s - <(openssl pkey -in "$site/keys/issuers/tax/sm2.key" -pubout) ||
    fail "the new chain is about another key"
mv "$site/offline" "$work/safe"
rm "$site/keys/issuers/tax/es256.chain.pem"
refuses 'bring the offline folder back' "$site" --departments tax
[ ! -e "$site/offline" ] || fail "a second authority was made"
"$ceremony" "$site" --departments civil_affairs >"$work/log4" 2>&1 || { cat "$work/log4"; fail "nothing had to be signed"; }
mv "$work/safe" "$site/offline"

# 6. The signer takes it all.
mkdir -p "$work/run"
chmod 700 "$work/run"
"$ceremony" "$site" --departments tax >/dev/null 2>&1
printf 'keys: %s/keys\nstate: %s/state\nsocket: ipc://%s/run/s.sock\norigin: zhitong.example/ledger/weifang\n' "$site" "$site" "$work" >"$work/signer.yaml"
"$ZT_BIN_DIR/zt-signerd" --config "$work/signer.yaml" --check 2>"$work/check" || { cat "$work/check"; fail "zt-signerd --check"; }

# 7. Nonsense.
refuses 'usage' --no-such-option
refuses 'usage:'
refuses 'needs a value' "$work/x" --departments
refuses 'no department' "$work/x" --departments no_such_department
refuses 'no unified social credit code' "$work/x" --departments 'a=123=name'
refuses 'not a name for a file' "$work/x" --departments '../a=11370700MB9X90209M=name'
refuses 'not a name for a certificate' "$work/x" --departments 'a=11370700MB9X90209M='
refuses 'an origin has' "$work/x" --origin 'a b'
refuses 'cannot read' "$work/x" --catalogue "$work/none.yaml"
printf 'departments:\n  - id: a\n    uscc: 1\n' >"$work/odd.yaml"
refuses 'not one department a line' "$work/x" --catalogue "$work/odd.yaml"
(ZT=$work/no-zt refuses 'zt is not on the PATH' "$work/y" --departments tax --catalogue "$ZT_SOURCE_DIR/catalogue/departments.yaml")
"$ceremony" --help | grep -q '^usage:' || fail "--help"
find "$work" -name '.ceremony.*' | grep . && fail "a temporary folder is left behind"
echo "the key ceremony makes what is missing, keeps what is there, and says nothing secret"
