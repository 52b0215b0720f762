/** A film of a region: the boards of moments that follow each other, as MP4, WebM or GIF. */

import { PastBoard } from "../board/past_board.js";
import { hide, hides } from "../board/redacted_view.js";
import { codecFor, FORMATS, RATE } from "./codecs.js";
import { Gif } from "./gif.js";
import { mp4 } from "./mp4.js";
import { encoded } from "./video.js";
import { webm } from "./webm.js";

/**
 * @import { Archive } from "../archive/archive.js"
 * @import { Codec, Format } from "./codecs.js"
 *
 * @typedef {{x: number, y: number, width: number, height: number}} Region in cells
 *
 * @typedef {object} Order
 * @property {number} from ms since 1970
 * @property {number} to ms since 1970; before `from` the film runs backwards
 * @property {number} seconds that it lasts
 * @property {Region} region
 * @property {number} side pixels of the longer side at most
 * @property {Format} format
 *
 * @typedef {object} Work
 * @property {Archive} archive
 * @property {(ms: number) => Promise<number>} seqAt
 * @property {(share: number) => void} progress
 *
 * The part of a board that a film or picture shows, one palette index a pixel.
 * @typedef {{width: number, height: number, cells: Uint8Array, palette: string[]}} Cut
 */

const GIF_RATE = 20; // pictures a second

/**
 * Make a film in the format of the order; in the next best where this browser cannot.
 * @param {Order} order
 * @param {Work} work
 * @returns {Promise<Blob>}
 */
export async function film(order, work) {
  const size = sizeOf(order);
  for (const format of FORMATS.slice(FORMATS.indexOf(order.format))) {
    const codec = await codecFor(format, size);
    if (codec) return video(order, work, size, codec);
  }
  return gif(order, work, size);
}

/**
 * Return the size of a film in pixels: whole pixels a cell, and even, as encoders want it.
 * @param {Order} order
 */
export function sizeOf({ region, side }) {
  const most = Math.max(1, Math.floor(side / Math.max(region.width, region.height)));
  // Colours have half the resolution in a video: with an even scale each cell has its own.
  const scale = most > 1 ? most - (most % 2) : 1;
  const even = (/** @type {number} */ cells) => cells * scale + ((cells * scale) % 2);
  return { scale, width: even(region.width), height: even(region.height) };
}

/**
 * @param {Order} order
 * @param {Work} work
 * @param {ReturnType<typeof sizeOf>} size
 * @param {Codec} codec
 */
async function video(order, work, size, { format, name, config }) {
  const made = await encoded(config, inColors(order, work, size), order.seconds * 1000);
  return format === "mp4" ? mp4(made) : webm(made, name);
}

/**
 * Yield the pictures of a film in colours.
 * @param {Order} order
 * @param {Work} work
 * @param {ReturnType<typeof sizeOf>} size
 */
async function* inColors(order, work, size) {
  for await (const { cut, ms, index } of pictures(order, work, RATE)) {
    yield { pixels: colored(cut, size), ms, index };
  }
}

/**
 * @param {Order} order
 * @param {Work} work
 * @param {ReturnType<typeof sizeOf>} size
 */
export async function gif(order, work, { scale }) {
  const { width, height } = order.region;
  const file = new Gif(width * scale, height * scale, 100 / GIF_RATE);
  for await (const { cut } of pictures(order, work, GIF_RATE)) {
    file.add(enlarged(cut, scale), cut.palette);
  }
  return file.finish();
}

/**
 * Yield the pictures of a film.
 * @param {Order} order
 * @param {Work} work
 * @param {number} rate pictures a second
 */
async function* pictures({ from, to, seconds, region }, work, rate) {
  const board = new PastBoard(work.archive);
  const count = Math.max(2, Math.round(seconds * rate));
  for (let index = 0; index < count; index++) {
    await board.to(await work.seqAt(from + ((to - from) * index) / (count - 1)));
    work.progress((index + 1) / count);
    yield { cut: cutOf(board, region, work.archive), ms: (index * 1000) / rate, index };
  }
}

/**
 * Cut a region out of a board; cells beyond the board, or that must not be shown, are background.
 * @param {Pick<PastBoard, "width" | "height" | "cells" | "seq" | "revision">} board
 * @param {Region} region
 * @param {Pick<Archive, "redactions">} archive
 * @returns {Cut}
 */
export function cutOf(board, { x, y, width, height }, { redactions }) {
  const cells = new Uint8Array(width * height);
  const wide = Math.min(width, board.width - x);
  for (let row = 0; row < Math.min(height, board.height - y) && wide > 0; row++) {
    const start = (y + row) * board.width + x;
    cells.set(board.cells.subarray(start, start + wide), row * width);
  }
  for (const each of redactions.filter((one) => hides(one, board.seq))) {
    const [left, top] = [Math.max(each.x - x, 0), Math.max(each.y - y, 0)];
    const right = each.x + each.width - x - left;
    const bottom = each.y + each.height - y - top;
    if (right <= 0 || bottom <= 0) continue;
    hide({ ...each, x: left, y: top, width: right, height: bottom }, cells, { width, height });
  }
  return { width, height, cells, palette: board.revision?.palette ?? [] };
}

/**
 * Return a picture with so many pixels a cell.
 * @param {Cut} cut
 * @param {number} scale
 */
function enlarged({ width, height, cells }, scale) {
  const pixels = new Uint8Array(width * height * scale * scale);
  const row = width * scale;
  for (let y = 0; y < height; y++) {
    const start = y * scale * row;
    for (let x = 0; x < width; x++) {
      pixels.fill(cells[y * width + x], start + x * scale, start + (x + 1) * scale);
    }
    for (let copy = 1; copy < scale; copy++) {
      pixels.copyWithin(start + copy * row, start, start + row);
    }
  }
  return pixels;
}

/**
 * Return a picture in colours, four bytes a pixel.
 * @param {Cut} cut
 * @param {{scale: number, width: number, height: number}} size
 */
export function colored({ width, height, cells, palette }, size) {
  const table = new Uint32Array(256);
  for (const [i, hex] of palette.entries()) {
    const value = Number.parseInt(hex.slice(1), 16);
    table[i] = 0xff000000 | ((value & 255) << 16) | (value & 0xff00) | (value >> 16);
  }
  const pixels = new Uint32Array(size.width * size.height).fill(table[0]);
  for (let y = 0; y < height; y++) {
    const start = y * size.scale * size.width;
    for (let x = 0; x < width; x++) {
      const color = table[cells[y * width + x]];
      pixels.fill(color, start + x * size.scale, start + (x + 1) * size.scale);
    }
    for (let copy = 1; copy < size.scale; copy++) {
      pixels.copyWithin(start + copy * size.width, start, start + size.width);
    }
  }
  return new Uint8Array(pixels.buffer);
}
