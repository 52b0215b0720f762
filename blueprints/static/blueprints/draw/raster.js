/**
 * The picture of a plan in device pixels. Each scan line is made once, and copied for as long as it
 * stays the same.
 */

import { NONE } from "../model/image.js";
import { bandsOf, hidesRight, isFar } from "./brushes.js";

/**
 * @import { Brush, Subject } from "./brushes.js"
 *
 * @typedef {{left: number, top: number, pixel: number}} Origin of the board, in device pixels
 * @typedef {{left: number, top: number, right: number, bottom: number}} Area in device pixels
 */

/**
 * Paint an area.
 * @param {Uint32Array} pixels of the area, row by row
 * @param {Area} area
 * @param {Origin} origin
 * @param {Subject} subject
 */
export function paint(pixels, area, origin, subject) {
  pixels.fill(0);
  if (isFar(subject.mode, origin.pixel)) return paintFar(pixels, area, origin, subject);
  const { width, height } = subject.plan;
  const across = edges(origin.left, origin.pixel, area.left, area.right, width);
  const down = edges(origin.top, origin.pixel, area.top, area.bottom, height);
  const wide = area.right - area.left;
  const high = area.bottom - area.top;
  const line = new Uint32Array(wide);
  for (let row = 0; row + 1 < down.at.length; row++) {
    let top = down.at[row];
    for (const { height: lines, brush } of bandsOf(subject, origin.pixel, down.at[row + 1] - top)) {
      const [from, to] = [Math.max(0, top), Math.min(high, top + lines)];
      top += lines;
      if (from >= to) continue;
      line.fill(0);
      paintLine(line, across, down.first + row, brush);
      for (let y = from; y < to; y++) pixels.set(line, y * wide);
    }
  }
}

/**
 * @param {Uint32Array} line
 * @param {{first: number, at: Int32Array}} across
 * @param {number} y
 * @param {Brush} brush
 */
function paintLine(line, across, y, brush) {
  for (let n = 0; n + 1 < across.at.length; n++) {
    brush(line, across.at[n], across.at[n + 1], across.first + n, y);
  }
}

/**
 * Paint an area of small cells whole: each pixel shows the cell in its middle.
 * @param {Uint32Array} pixels
 * @param {Area} area
 * @param {Origin} origin
 * @param {Subject} subject
 */
function paintFar(pixels, area, { left, top, pixel }, { plan, board, mode, alone, table }) {
  const { cells, width, height } = plan;
  const drawn = board.cells;
  const onlyWrong = hidesRight(mode);
  const wide = area.right - area.left;
  const columns = Int32Array.from({ length: wide }, (_, n) =>
    Math.floor((area.left + n + 0.5 - left) / pixel),
  );
  for (let y = area.top, line = 0; y < area.bottom; y++, line += wide) {
    const row = Math.floor((y + 0.5 - top) / pixel);
    if (row < 0 || row >= height) continue;
    for (let n = 0; n < wide; n++) {
      const column = columns[n];
      if (column < 0 || column >= width) continue;
      const at = row * width + column;
      const wanted = cells[at];
      if (wanted === NONE || (alone !== null && wanted !== alone)) continue;
      if (!onlyWrong || drawn[at] !== wanted) pixels[line + n] = table[wanted];
    }
  }
}

/**
 * Return where the cells of an area begin and end, from its edge.
 * @param {number} start device pixels to the board's edge
 * @param {number} pixel
 * @param {number} from
 * @param {number} to
 * @param {number} count of cells on the board
 */
function edges(start, pixel, from, to, count) {
  const first = Math.max(0, Math.floor((from - start - 1) / pixel));
  const last = Math.min(count, Math.ceil((to - start + 1) / pixel));
  const length = Math.max(0, last - first + 1);
  const at = Int32Array.from({ length }, (_, n) => Math.round(start + (first + n) * pixel) - from);
  return { first, at };
}
