/** The region of the board that is seen, as the server draws it. */

/**
 * @import { Region } from "../sync/protocol.js"
 * @import { BoardView } from "./shown.js"
 * @import { Viewport } from "../lib/viewport.js"
 */

const LARGEST_SCALE = 64;
const MOST_PIXELS = 2 ** 21; // the server enlarges to no more

/**
 * Return the region that is seen, with whole pixels a cell.
 * @param {Viewport} viewport
 * @param {Pick<BoardView, "width" | "height">} board
 * @param {number} ratio device pixels a CSS pixel
 * @returns {Region | null} null where no cell is seen
 */
export function regionSeen(viewport, board, ratio) {
  const from = viewport.toBoard(0, 0);
  const to = viewport.toBoard(viewport.width, viewport.height);
  const [x, width] = span(from.x, to.x, board.width);
  const [y, height] = span(from.y, to.y, board.height);
  if (width <= 0 || height <= 0) return null;
  const most = Math.floor(Math.sqrt(MOST_PIXELS / (width * height)));
  const wanted = Math.min(Math.round(viewport.scale * ratio), most, LARGEST_SCALE);
  return { x, y, width, height, scale: Math.max(1, wanted) };
}

/**
 * Return the first cell and the number of cells between two positions.
 * @param {number} from
 * @param {number} to
 * @param {number} end
 * @returns {[first: number, count: number]}
 */
function span(from, to, end) {
  const first = Math.max(0, Math.floor(from));
  return [first, Math.min(end, Math.ceil(to)) - first];
}
