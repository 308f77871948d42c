#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Published npm packages verify our certificates, and refuse changed ones. Without the packages the test fails: it never skips.
# shellcheck source=tests/interop/lib.sh
. "$(dirname "$0")/lib.sh"
cp "$ZT_SOURCE_DIR"/tests/interop/{package.json,package-lock.json,.npmrc,verify.mjs} "$work"
cd "$work"
npm ci --ignore-scripts --no-audit --no-fund >npm.log 2>&1 || { cat npm.log; fail "npm ci"; }

root_of() { echo "$work/site/trust/$(tr '[:upper:]' '[:lower:]' <<<"$1")-root.pem"; }
refused() { # FILE ALG WHY
    if node verify.mjs "$1" "$(root_of "$2")" >out 2>err; then
        fail "$2 was accepted: $3"
    fi
    grep -q '^refused: ' err || { cat err; fail "$2: no verdict on: $3"; }
}

for alg in ES256 SM2; do
    node verify.mjs "$alg.cert" "$(root_of "$alg")" >claims.json || fail "$alg is refused"
    for text in '"iss":"urn:uscc:11370700MB9X0012XA"' '"holder_number":"370703198512319996"' '"holder_name":"王测试"' \
        '"spouse_name":"李测试"' '"registered_on":"2019-05-20"' '"state":"20"' '"ledger":4711'; do
        grep -qF "$text" claims.json || { cat claims.json; fail "$alg: the verifier does not see $text"; }
    done

    # The holder shows one claim only.
    sig=$(cut -d'~' -f1 "$alg.cert")
    printf '%s~%s~\n' "$sig" "$(cut -d'~' -f2 "$alg.cert")" >less.cert
    node verify.mjs less.cert "$(root_of "$alg")" >claims.json || fail "$alg with one disclosure is refused"
    if grep -q spouse_name claims.json && ! grep -q '"labels":{[^}]*spouse_name' claims.json; then
        fail "$alg shows what the holder withheld"
    fi

    header=$(cut -d. -f1 "$alg.cert" | tr -d '\n' | wc -c)
    payload=$(cut -d. -f2 "$alg.cert" | tr -d '\n' | wc -c)
    first=$(cut -d'~' -f1 "$alg.cert" | tr -d '\n' | wc -c)
    change "$alg.cert" $((header + 40)) changed && refused changed "$alg" "a changed payload"
    change "$alg.cert" $((header + payload + 20)) changed && refused changed "$alg" "a changed signature"
    change "$alg.cert" $((first + 20)) changed && refused changed "$alg" "a changed disclosure"
    other=$([ "$alg" = SM2 ] && echo ES256 || echo SM2)
    if node verify.mjs "$alg.cert" "$(root_of "$other")" >out 2>err; then
        fail "$alg was accepted under the root of $other"
    fi
done
echo "ES256 accepted by @sd-jwt/sd-jwt-vc and Node, SM2 by sm-crypto; changed ones refused"
