/** What is handed on: certificates, QR codes, pictures. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

// Templates are only made, never drawn here: lit-html asks for a document when it is loaded.
Object.assign(globalThis, { document: { createTreeWalker: () => ({}) } });
const { curveOf, hashOf, readBirth, spanEnds, writeBirth } = await import('../../www/birth.js');
const { qrOf } = await import('../../www/views/share.js');
const { lossPicture } = await import('../../www/app/pictures.js');
const { refusal } = await import('../../www/app/sharing.js');
const { promisedOf } = await import('../../www/app/shown.js');
const { speak } = await import('../../www/i18n/index.js');

const HASH = '0123456789abcdef';

test('a curve is the means of equal spans, at most 32 of them, and none is lost', () => {
  assert.deepEqual(curveOf([1, 2, 3], 3), [1, 2, 3]);
  const loss = Array.from({ length: 100 }, (_, i) => i);
  const curve = curveOf(loss, 100);
  assert.equal(curve.length, 32);
  assert.deepEqual(spanEnds(100, 32).at(-1), 100);
  const ends = [0, ...spanEnds(100, 32)];
  const sum = curve.reduce((total, mean, i) => total + mean * (ends[i + 1] - ends[i]), 0);
  assert.ok(Math.abs(sum - 4950) < 1e-9);
});

test('a certificate travels through a link to a thousandth of a nat, and is short', () => {
  const curve = Array.from({ length: 32 }, (_, i) => 6 - i / 8 + 0.00012);
  const written = writeBirth({ steps: 700, hash: HASH, curve });
  assert.ok(written.length < 128 && encodeURIComponent(written) === written, written);
  const back = readBirth(written);
  assert.deepEqual([back?.steps, back?.hash, back?.curve.length], [700, HASH, 32]);
  for (const [i, value] of back?.curve.entries() ?? []) assert.ok(Math.abs(value - curve[i]) <= 0.0005);
  assert.deepEqual(readBirth(writeBirth({ steps: 1, hash: HASH, curve: [Number.NaN] }))?.curve, [65.535]);
  assert.deepEqual(promisedOf(/** @type {any} */ ({ birth: { value: written } })).at(-1)?.step, 700);
});

test('what is no certificate is none', () => {
  const good = writeBirth({ steps: 5, hash: HASH, curve: [1, 2, 3, 4, 5] });
  assert.notEqual(readBirth(good), null);
  for (const bad of [
    null,
    '',
    good.slice(1),
    good.replace('1.5.', '1.6.'),
    good.replace(HASH, 'g'.repeat(16)),
    `${good}AAAA`,
    good.replace('1.5.', '1.999999.'),
    `${good}=`,
  ])
    assert.equal(readBirth(bad), null, String(bad));
});

test('the hash is of what stands behind the header', async () => {
  const file = (/** @type {string} */ header, /** @type {number} */ weight) => {
    const bytes = new Uint8Array(8 + header.length + 1);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
    bytes.set(new TextEncoder().encode(header), 8);
    bytes[8 + header.length] = weight;
    return bytes;
  };
  assert.equal(await hashOf(file('{}', 7)), await hashOf(file('{"a":1}', 7)));
  assert.notEqual(await hashOf(file('{}', 7)), await hashOf(file('{}', 8)));
  // printf '\x07' | sha256sum
  assert.equal(await hashOf(file('{}', 7)), 'ca358758f6d27e6c');
});

test('a short link has a QR code with a quiet margin, and one too long has none', () => {
  const code = qrOf('https://example.org/#lang=en');
  assert.equal(code?.side, 29 + 8);
  // The upper row of the first finder pattern.
  assert.ok(code?.path.startsWith('M4 4h1v1h-1zM5 4h1v1h-1zM6 4h1v1h-1z'));
  assert.notEqual(qrOf(`https://example.org/#text=${'a'.repeat(2_500)}`), null);
  assert.equal(qrOf('a'.repeat(3_000)), null);
});

test('a picture of the loss is SVG with its curves, and hostile words stay words', async () => {
  await speak('en');
  const value = (/** @type {any} */ v) => ({ value: v, peek: () => v });
  const store = {
    trainLoss: value(Float32Array.of(6, 5, 4)),
    evaluations: value([
      { step: 0, lossNats: 6, bitsPerByte: 2 },
      { step: 3, lossNats: 4.5, bitsPerByte: 1.5 },
    ]),
    step: value(3),
  };
  const drawn = lossPicture(/** @type {any} */ (store));
  assert.equal(drawn?.svg.match(/<polyline/g)?.length, 2);
  assert.match(drawn?.svg ?? '', /validation 4\.50/);
  assert.equal(lossPicture(/** @type {any} */ ({ ...store, trainLoss: value(new Float32Array()) })), null);
});

test('there is no certificate for a model whose way a link cannot tell', () => {
  const value = (/** @type {any} */ v) => ({ value: v });
  const good = {
    model: value({}),
    step: value(5),
    pure: value('yes'),
    variant: value('simd'),
    running: value(false),
    run: value({ corpus: 'names' }),
    learn: value(null),
  };
  const why = (/** @type {object} */ patch) => refusal(/** @type {any} */ ({ ...good, ...patch }));
  assert.equal(why({}), null);
  assert.equal(why({ step: value(0) }), 'untrained');
  assert.equal(why({ running: value(true) }), 'running');
  assert.equal(why({ variant: value('relaxed') }), 'relaxed');
  assert.equal(why({ pure: value('tuned') }), 'tuned');
  assert.equal(why({ pure: value('no') }), 'origin');
  assert.equal(why({ run: value({ corpus: 'own' }) }), 'text');
  assert.equal(why({ run: value({ corpus: 'own' }), learn: value('a') }), null);
});
