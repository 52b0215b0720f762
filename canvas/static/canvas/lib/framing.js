/** A region of a board that is framed by keys: arrows move it, with shift they size it. */

import { Stride } from "./stride.js";

/**
 * @typedef {{x: number, y: number, width: number, height: number}} Region in cells
 * @typedef {{width: number, height: number}} Size in cells
 */

/** @type {Partial<Record<string, readonly [dx: number, dy: number]>>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const SHARE = 3; // of what is seen, at first

/**
 * Return a region in the middle of what is seen of a board.
 * @param {Region} seen
 * @param {Size} board
 * @returns {Region}
 */
export function inMiddleOf(seen, board) {
  const width = clamp(Math.round(seen.width / SHARE), 1, board.width);
  const height = clamp(Math.round(seen.height / SHARE), 1, board.height);
  const x = clamp(seen.x + ((seen.width - width) >> 1), 0, board.width - width);
  const y = clamp(seen.y + ((seen.height - height) >> 1), 0, board.height - height);
  return { x, y, width, height };
}

export class Framing {
  #board;
  #stride = new Stride();

  /**
   * @param {Region} region
   * @param {Size} board
   */
  constructor(region, board) {
    this.region = region;
    this.#board = board;
  }

  /**
   * Move or size the region; a key that is held goes ever farther, as on the board.
   * @param {{key: string, shiftKey: boolean, repeat: boolean, timeStamp: number}} event
   * @returns {boolean} false where the key is none of these
   */
  press({ key, shiftKey, repeat, timeStamp }) {
    const [dx, dy] = ARROWS[key] ?? [0, 0];
    if (!dx && !dy) return false;
    const far = repeat ? this.#stride.step(`${key} ${shiftKey}`, timeStamp) : 1;
    const { x, y, width, height } = this.region;
    const board = this.#board;
    this.region = shiftKey
      ? {
          x,
          y,
          width: clamp(width + dx * far, 1, board.width - x),
          height: clamp(height + dy * far, 1, board.height - y),
        }
      : {
          x: clamp(x + dx * far, 0, board.width - width),
          y: clamp(y + dy * far, 0, board.height - height),
          width,
          height,
        };
    return true;
  }
}

/**
 * @param {number} value
 * @param {number} least
 * @param {number} most
 */
function clamp(value, least, most) {
  return Math.max(least, Math.min(value, most));
}
