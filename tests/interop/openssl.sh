#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The openssl command line alone verifies our certificates: signature, chain, disclosures; and refuses changed ones.
# shellcheck source=tests/interop/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$work"
without_id=

url64() { # base64url on standard input -> bytes
    local text
    text=$(tr '_-' '/+')
    while [ $((${#text} % 4)) -ne 0 ]; do text+='='; done
    openssl base64 -d -A <<<"$text"
}

options_of() {
    case $1 in
    ES256) digest=(-digest sha256) id=() verify=() hash=sha256 sd_alg=sha-256 root=site/trust/es256-root.pem ;;
    SM2) digest=(-digest sm3) id=(-pkeyopt distid:1234567812345678) verify=(-vfyopt distid:1234567812345678) hash=sm3
        sd_alg=sm3 root=site/trust/sm2-root.pem ;;
    esac
    [ -z "$without_id" ] || id=()
}

# The certificates of x5c as leaf.pem and issuing.pem.
take_chain() {
    local names=(leaf issuing) i=0 der
    while read -r der; do
        openssl base64 -d -A <<<"$der" >one.der
        openssl x509 -inform DER -in one.der -out "${names[i]}.pem"
        i=$((i + 1))
    done < <(grep -oE '"x5c":\[[^]]*\]' header.json | sed 's/^"x5c":\[//; s/\]$//' | tr ',' '\n' | tr -d '"')
    [ "$i" = 2 ]
}

check_signature() {
    local r s
    url64 <sig.txt >sig.raw
    [ "$(wc -c <sig.raw)" = 64 ] || return 1
    r=$(head -c 32 sig.raw | od -An -v -tx1 | tr -d ' \n')
    s=$(tail -c 32 sig.raw | od -An -v -tx1 | tr -d ' \n')
    printf 'asn1=SEQUENCE:sig\n[sig]\nr=INTEGER:0x%s\ns=INTEGER:0x%s\n' "$r" "$s" >sig.conf
    openssl asn1parse -genconf sig.conf -noout -out sig.der
    openssl x509 -in leaf.pem -pubkey -noout >leaf.pub
    openssl pkeyutl -verify -pubin -inkey leaf.pub -rawin "${digest[@]}" "${id[@]}" -in input -sigfile sig.der >out 2>&1
}

# Link by link: the command line cannot do a whole SM2 chain of three (openssl#23471).
check_chain() {
    openssl verify "${verify[@]}" -trusted "$root" issuing.pem >out 2>&1 &&
        openssl verify "${verify[@]}" -partial_chain -trusted issuing.pem leaf.pem >out 2>&1 &&
        openssl x509 -in leaf.pem -noout -subject -nameopt multiline | grep -q "organizationIdentifier *= $uscc" &&
        grep -qF "\"iss\":\"urn:uscc:$uscc\"" payload.json
}

check_disclosures() {
    local one digest_text
    grep -qF "\"_sd_alg\":\"$sd_alg\"" payload.json || return 1
    for one in $(cut -d'~' -f2- "$1" | tr '~' ' '); do
        digest_text=$(printf '%s' "$one" | openssl dgst -"$hash" -binary | openssl base64 -A | tr '/+' '_-' | tr -d '=')
        grep -qF "\"$digest_text\"" payload.json || return 1
        url64 <<<"$one"
        echo
    done >claims.txt
}

# accepts FILE ALG: everything holds; $step says where it ended.
accepts() {
    options_of "$2"
    step=form
    cut -d. -f1 "$1" | tr -d '\n' | url64 >header.json || return 1
    cut -d. -f2 "$1" | tr -d '\n' | url64 >payload.json || return 1
    cut -d'~' -f1 "$1" | cut -d. -f3 | tr -d '\n' >sig.txt
    cut -d'~' -f1 "$1" | cut -d. -f1,2 | tr -d '\n' >input
    grep -qF "\"alg\":\"$2\"" header.json && take_chain || return 1
    step=chain && check_chain || return 1
    step=signature && check_signature || return 1
    step=disclosures && check_disclosures "$1" || return 1
    step=
}

for alg in ES256 SM2; do
    accepts "$alg.cert" "$alg" || { cat out 2>/dev/null || true; fail "$alg is refused at: $step"; }
    grep -qF '"holder_name","王测试"' claims.txt || { cat claims.txt; fail "$alg: the holder's name is not disclosed"; }
    header=$(cut -d. -f1 "$alg.cert" | tr -d '\n' | wc -c)
    payload=$(cut -d. -f2 "$alg.cert" | tr -d '\n' | wc -c)
    first=$(cut -d'~' -f1 "$alg.cert" | tr -d '\n' | wc -c)
    for at in $((header + 40)) $((header + payload + 20)); do
        change "$alg.cert" "$at" changed.cert
        accepts changed.cert "$alg" && fail "$alg changed at $at was accepted"
        case $step in signature | form | chain) ;; *) fail "$alg changed at $at is refused at $step" ;; esac
    done
    change "$alg.cert" $((first + 20)) changed.cert
    accepts changed.cert "$alg" && fail "$alg with a changed disclosure was accepted"
    [ "$step" = disclosures ] || fail "$alg with a changed disclosure is refused at $step"
done

# The control: an SM2 signature checked without the user id is none.
without_id=1
accepts SM2.cert SM2 && fail "SM2 was accepted without the user id"
[ "$step" = signature ] || fail "SM2 without the user id is refused at $step"
echo "ES256 and SM2: accepted by the openssl command line; changed ones refused"
