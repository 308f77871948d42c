// SPDX-License-Identifier: Apache-2.0
// Checks a certificate with software that is not ours: ES256 with @sd-jwt/sd-jwt-vc (SD-JWT and disclosures) and Node's own
// OpenSSL (signature, X.509); SM2 with sm-crypto (SM2 and SM3), because SD-JWT libraries know the hashes of IANA's registry
// only, and SM3 is not in it. Written from docs/certificate-format.md alone.
//   node verify.mjs CERTIFICATE ROOT.pem    -> the claims as JSON; exit 1 and a reason when it is refused
import {createHash, verify as verifySignature, X509Certificate} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {SDJwtVcInstance} from '@sd-jwt/sd-jwt-vc';
import smCrypto from 'sm-crypto';

const {sm2, sm3} = smCrypto;
const USER_ID = '1234567812345678';
// SubjectPublicKeyInfo of an SM2 key, up to the point (04 x y).
const SM2_SPKI = '3059301306072a8648ce3d020106082a811ccf5501822d034200';

const bytesOf = (data) => (typeof data === 'string' ? Buffer.from(data, 'utf8') : Buffer.from(data));

function hasher(data, alg) {
  if (alg === 'sha-256') return new Uint8Array(createHash('sha256').update(bytesOf(data)).digest());
  if (alg === 'sm3') return new Uint8Array(Buffer.from(sm3([...bytesOf(data)]), 'hex'));
  throw new Error(`no hash called ${alg}`);
}

function sm2Point(der) {
  const hex = Buffer.from(der).toString('hex');
  const at = hex.indexOf(SM2_SPKI);
  if (at < 0) throw new Error('no SM2 key in the certificate');
  return hex.slice(at + SM2_SPKI.length, at + SM2_SPKI.length + 130);
}

// Tag, length, value of one DER element at `at`: {start, body, end}.
function element(der, at) {
  let length = der[at + 1];
  let body = at + 2;
  if (length & 0x80) {
    const count = length & 0x7f;
    length = der.readUIntBE(body, count);
    body += count;
  }
  return {start: at, body, end: body + length};
}

// A certificate is SEQUENCE {tbs, algorithm, BIT STRING signature}; sm-crypto takes the signature in DER.
function sm2Issued(child, issuer) {
  const outer = element(child, 0);
  const tbs = element(child, outer.body);
  const algorithm = element(child, tbs.end);
  const bits = element(child, algorithm.end);
  const signature = child.subarray(bits.body + 1, bits.end).toString('hex');
  const message = [...child.subarray(tbs.start, tbs.end)];
  return sm2.doVerifySignature(message, signature, sm2Point(issuer), {hash: true, der: true, userId: USER_ID});
}

function checkChain(alg, chain, root) {
  const all = [...chain, root.raw].map((der) => new X509Certificate(der));
  for (let i = 0; i + 1 < all.length; i++) {
    const child = all[i];
    const issuer = all[i + 1];
    const signed = alg === 'ES256' ? child.verify(issuer.publicKey) : sm2Issued(child.raw, issuer.raw);
    if (!signed || child.issuer !== issuer.subject || !issuer.ca) throw new Error(`link ${i} of the chain does not hold`);
  }
  const now = Date.now();
  for (const one of all)
    if (now < Date.parse(one.validFrom) || now >= Date.parse(one.validTo)) throw new Error('a certificate is not valid now');
  return all[0];
}

function signatureHolds(alg, leaf, data, signature) {
  const raw = Buffer.from(signature, 'base64url');
  if (alg === 'ES256')
    return verifySignature('sha256', Buffer.from(data), {key: leaf.publicKey, dsaEncoding: 'ieee-p1363'}, raw);
  return sm2.doVerifySignature(data, raw.toString('hex'), sm2Point(leaf.raw), {hash: true, userId: USER_ID});
}

const json = (text) => JSON.parse(Buffer.from(text, 'base64url'));

// RFC 9901 section 7.1: a disclosure that no digest names is a reason to refuse. The library (0.15) passes over it.
function disclosed(compact, payload, hashAlg) {
  const claims = {};
  for (const disclosure of compact.split('~').slice(1).filter((text) => text !== '')) {
    const digest = Buffer.from(hasher(disclosure, hashAlg)).toString('base64url');
    if (!payload._sd.includes(digest)) throw new Error('a disclosure matches no digest');
    const [, name, value] = json(disclosure);
    if (name in claims || name in payload) throw new Error(`${name} is there twice`);
    claims[name] = value;
  }
  return claims;
}

async function byLibrary(compact, leaf) {
  const library = new SDJwtVcInstance({
    hasher,
    hashAlg: 'sha-256',
    verifier: async (data, signature) => signatureHolds('ES256', leaf, data, signature),
  });
  return (await library.verify(compact)).payload;
}

function byHand(compact, payload, leaf, claims) {
  const [data, signature] = /^(.*)\.([^.]*)$/.exec(compact.split('~')[0]).slice(1);
  if (!signatureHolds('SM2', leaf, data, signature)) throw new Error('the signature does not hold');
  return {...payload, ...claims};
}

async function check(compact, root) {
  const [header, signed] = compact.split('.').slice(0, 2).map(json);
  const hashAlg = {ES256: 'sha-256', SM2: 'sm3'}[header.alg];
  if (!hashAlg || signed._sd_alg !== hashAlg) throw new Error(`alg ${header.alg} with ${signed._sd_alg} is none of ours`);
  const leaf = checkChain(header.alg, header.x5c.map((text) => Buffer.from(text, 'base64')), root);
  const claims = disclosed(compact, signed, hashAlg);
  const payload = header.alg === 'ES256' ? await byLibrary(compact, leaf) : byHand(compact, signed, leaf, claims);
  const organisation = /^organizationIdentifier=(.*)$/m.exec(leaf.subject) ?? /^2\.5\.4\.97=(.*)$/m.exec(leaf.subject);
  if (payload.iss !== `urn:uscc:${organisation?.[1]}`) throw new Error('the leaf belongs to another organisation');
  const now = Date.now() / 1000;
  if (now < payload.nbf || (payload.exp !== undefined && now >= payload.exp)) throw new Error('not valid now');
  return payload;
}

try {
  const compact = readFileSync(process.argv[2], 'utf8').trim();
  const root = new X509Certificate(readFileSync(process.argv[3]));
  console.log(JSON.stringify(await check(compact, root)));
} catch (error) {
  console.error(`refused: ${error.message}`);
  process.exitCode = 1;
}
