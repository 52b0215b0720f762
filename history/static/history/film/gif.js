/** A GIF of pictures in palette indices: every pixel is exact, and only what changes is written. */

const MOST_CODES = 4096;
const KEEP = 4; // the picture before stays under the next

/**
 * @typedef {{width: number, height: number, cells: Uint8Array}} Picture one palette index a pixel
 */

export class Gif {
  #width;
  #height;
  #hundredths;
  /** @type {Uint8Array<ArrayBuffer>[]} */
  #parts = [];
  /** @type {Uint8Array | null} */
  #before = null;
  #colors = "";

  /**
   * @param {number} width in pixels
   * @param {number} height
   * @param {number} hundredths of a second that each picture is shown
   */
  constructor(width, height, hundredths) {
    this.#width = width;
    this.#height = height;
    this.#hundredths = hundredths;
    const forever = [0x21, 0xff, 11, ...ascii("NETSCAPE2.0"), 3, 1, 0, 0, 0];
    this.#write([...ascii("GIF89a"), ...word(width), ...word(height), 0, 0, 0, ...forever]);
  }

  /**
   * Add a picture.
   * @param {Uint8Array} cells one palette index a pixel
   * @param {string[]} palette `#RRGGBB`
   */
  add(cells, palette) {
    const colors = palette.join();
    // Another palette may give other colours to cells that have not changed.
    const whole = { left: 0, top: 0, right: this.#width, bottom: this.#height };
    const same = this.#before !== null && colors === this.#colors;
    const { left, top, right, bottom } = same ? this.#changed(cells) : whole;
    this.#before = new Uint8Array(cells);
    this.#colors = colors;
    const bits = Math.max(2, Math.ceil(Math.log2(palette.length)));
    this.#write([0x21, 0xf9, 4, KEEP, ...word(this.#hundredths), 0, 0]);
    const size = [...word(left), ...word(top), ...word(right - left), ...word(bottom - top)];
    this.#write([0x2c, ...size, 0x80 | (bits - 1), ...tableOf(palette, bits), bits]);
    const part = new Uint8Array((right - left) * (bottom - top));
    for (let y = top; y < bottom; y++) {
      const row = cells.subarray(y * this.#width + left, y * this.#width + right);
      part.set(row, (y - top) * (right - left));
    }
    this.#parts.push(...blocks(packed(part, bits)));
  }

  /** End the file. */
  finish() {
    this.#write([0x3b]);
    return new Blob(this.#parts, { type: "image/gif" });
  }

  /**
   * Return the rectangle that differs from the picture before; one pixel where nothing does.
   * @param {Uint8Array} cells
   */
  #changed(cells) {
    const before = /** @type {Uint8Array} */ (this.#before);
    let [left, top, right, bottom] = [this.#width, this.#height, 0, 0];
    for (let y = 0, at = 0; y < this.#height; y++) {
      for (let x = 0; x < this.#width; x++, at++) {
        if (cells[at] === before[at]) continue;
        if (x < left) left = x;
        if (x >= right) right = x + 1;
        if (y < top) top = y;
        bottom = y + 1;
      }
    }
    return right ? { left, top, right, bottom } : { left: 0, top: 0, right: 1, bottom: 1 };
  }

  /** @param {number[]} bytes */
  #write(bytes) {
    this.#parts.push(Uint8Array.from(bytes));
  }
}

/** @param {string} text */
function ascii(text) {
  return [...text].map((letter) => letter.charCodeAt(0));
}

/** @param {number} value */
function word(value) {
  return [value & 255, value >> 8];
}

/**
 * @param {string[]} palette
 * @param {number} bits
 */
function tableOf(palette, bits) {
  const table = new Array(3 * 2 ** bits).fill(0);
  for (const [i, hex] of palette.entries()) {
    for (let part = 0; part < 3; part++) {
      table[3 * i + part] = Number.parseInt(hex.slice(1 + 2 * part, 3 + 2 * part), 16);
    }
  }
  return table;
}

/**
 * Compress by LZW, as GIF has it.
 * @param {Uint8Array} pixels
 * @param {number} bits of a pixel
 */
function packed(pixels, bits) {
  const [clear, end] = [2 ** bits, 2 ** bits + 1];
  const known = new Int16Array(MOST_CODES << 8);
  const bytes = new Uint8Array(pixels.length * 2 + 16);
  let [length, buffer, filled, size, next] = [0, 0, 0, bits + 1, end + 1];
  /** @param {number} code */
  const write = (code) => {
    buffer |= code << filled;
    for (filled += size; filled >= 8; filled -= 8) {
      bytes[length++] = buffer & 255;
      buffer >>>= 8;
    }
  };
  write(clear);
  let prefix = pixels[0];
  for (let i = 1; i < pixels.length; i++) {
    const key = (prefix << 8) | pixels[i];
    if (known[key]) {
      prefix = known[key];
      continue;
    }
    write(prefix);
    prefix = pixels[i];
    if (next === MOST_CODES) {
      write(clear);
      known.fill(0);
      [size, next] = [bits + 1, end + 1];
    } else {
      if (next === 2 ** size) size++;
      known[key] = next++;
    }
  }
  write(prefix);
  write(end);
  if (filled) bytes[length++] = buffer & 255;
  return bytes.subarray(0, length);
}

/**
 * Cut bytes into blocks of 255, and end them.
 * @param {Uint8Array} bytes
 */
function* blocks(bytes) {
  for (let at = 0; at < bytes.length; at += 255) {
    const part = bytes.subarray(at, at + 255);
    yield Uint8Array.of(part.length, ...part);
  }
  yield Uint8Array.of(0);
}
