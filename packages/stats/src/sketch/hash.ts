/** A hash of 64 bits as two halves, written into `into`: numbers that differ in one bit differ in about half of it. */
export type Hash = Uint32Array;

const NUMBER = new Float64Array(1);
const WORDS = new Uint32Array(NUMBER.buffer);

/** Of a number's bits; 0 and -0 are one value. */
export function hashNumber(value: number, into: Hash): void {
  NUMBER[0] = value + 0;
  const [low = 0, high = 0] = WORDS;
  into[0] = mixed(Math.imul(low, 0xcc9e2d51) ^ rotated(high, 13));
  into[1] = mixed(Math.imul(high, 0x1b873593) ^ rotated(low, 17) ^ 0x9e3779b9);
  stir(into);
}

/** Of a text's UTF-16 units. */
export function hashText(text: string, into: Hash): void {
  let a = text.length | 0;
  let b = 0x9e3779b9 ^ text.length;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x85ebca77);
    a = rotated(a, 13);
    b = Math.imul(b ^ unit, 0xc2b2ae3d);
    b = rotated(b, 15);
  }
  into[0] = mixed(a);
  into[1] = mixed(b);
  stir(into);
}

/** Each half gets to depend on all 64 bits. */
function stir(hash: Hash): void {
  hash[0] = mixed((hash[0] as number) ^ rotated(hash[1] as number, 7));
  hash[1] = mixed((hash[1] as number) + Math.imul(hash[0], 0x9e3779b1));
}

/** The last step of MurmurHash3 (Appleby): every bit of the result depends on every bit given. */
function mixed(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function rotated(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
