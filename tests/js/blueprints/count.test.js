import assert from "node:assert/strict";
import { test } from "node:test";
import { Count } from "../../../blueprints/static/blueprints/model/count.js";
import { imageOf, NONE, wantsOf } from "../../../blueprints/static/blueprints/model/image.js";
import { anyWrong, nearestWrong } from "../../../blueprints/static/blueprints/model/next_wrong.js";
import { Plan } from "../../../blueprints/static/blueprints/model/plan.js";
import { Shelf } from "../../../blueprints/static/blueprints/model/shelf.js";
import { Board } from "../../../canvas/static/canvas/state/board.js";
import { PALETTE, randomCells, randomFrom, wholeFrom } from "./support.js";

/** @import { Blueprint, Shelved } from "../../../blueprints/static/blueprints/model/shelf.js" */

const UPDATES = 100_000;

/**
 * Count a blueprint cell by cell, as the contract says.
 * @param {Blueprint} blueprint
 * @param {Board} board
 * @param {string[]} palette
 */
function brute({ image, x, y }, board, palette) {
  const wants = wantsOf(image, palette);
  const all = { cells: 0, right: 0, missing: 0, wrong: 0 };
  image.cells.forEach((index, at) => {
    const [column, row] = [x + (at % image.width), y + Math.floor(at / image.width)];
    if (index === NONE || !board.contains(column, row)) return;
    const drawn = board.get(column, row);
    all.cells += 1;
    if (drawn === wants[index] && drawn !== NONE) all.right += 1;
    else if (drawn === 0) all.missing += 1;
    else all.wrong += 1;
  });
  return all;
}

/**
 * @param {string} id
 * @param {number} seed
 * @returns {Blueprint}
 */
function blueprint(id, seed) {
  const whole = wholeFrom(seed);
  const [width, height] = [1 + whole(12), 1 + whole(12)];
  const image = imageOf(width, height, randomCells(width * height, 6, seed), PALETTE);
  const place = { x: whole(30) - 6, y: whole(30) - 6 };
  return { id, title: id, ...place, on: true, image, samples: [], saved: null };
}

test("counts equal brute force after each of 100,000 updates, with palettes and sizes", () => {
  const whole = wholeFrom(11);
  const board = new Board();
  let palette = PALETTE;
  board.load(24, 24, new Uint8Array(24 * 24));
  const shelf = new Shelf(board);
  shelf.setPalette(palette);
  for (let n = 0; n < 10; n++) shelf.add(blueprint(`b${n}`, 100 + n));
  board.watch((...change) => shelf.follow(...change));
  for (let update = 1; update <= UPDATES; update++) {
    const dice = whole(2_000);
    if (dice === 0) {
      const [width, height] = [8 + whole(30), 8 + whole(30)];
      board.load(
        width,
        height,
        randomCells(width * height, 6, update).map((each) => each % 6),
      );
      shelf.recount();
    } else if (dice === 1) {
      palette = [...PALETTE].sort(() => whole(3) - 1).slice(0, 3 + whole(4));
      shelf.setPalette(palette);
    } else if (dice === 2) {
      shelf.change(`b${whole(10)}`, { x: whole(40) - 8, y: whole(40) - 8 });
    } else {
      board.set(whole(board.width), whole(board.height), whole(6));
    }
    // Each update is compared for one of the ten; all are after every thousandth.
    const compared = update % 1_000 ? [shelf.all[update % 10]] : shelf.all;
    for (const each of compared) {
      assert.deepEqual(each.count.all, brute(each, board, palette), `update ${update}`);
    }
  }
});

test("colours add up to all", () => {
  const board = new Board();
  board.load(
    20,
    20,
    randomCells(400, 6, 5).map((each) => each % 6),
  );
  const count = new Count(
    blueprint("a", 7).image,
    { x: 2, y: 3 },
    wantsOf(blueprint("a", 7).image, PALETTE),
  );
  count.recount(board);
  for (const part of /** @type {const} */ (["cells", "right", "wrong", "missing"])) {
    const total = count.colors.reduce((sum, each) => sum + each[part], 0);
    assert.equal(total, count.all[part]);
  }
});

/**
 * Make a board with a plan of several blueprints over each other.
 * @param {number} seed
 */
function planned(seed) {
  const board = new Board();
  board.load(
    150,
    130,
    randomCells(150 * 130, 6, seed).map((each) => each % 6),
  );
  const plan = new Plan(board);
  const laid = [1, 2, 3].map((n) => {
    const image = imageOf(60, 50, randomCells(3_000, 6, seed + n), PALETTE);
    return { image, x: n * 30 - 40, y: n * 35 - 50, wants: wantsOf(image, PALETTE) };
  });
  plan.lay(laid);
  board.watch((...change) => plan.change(...change));
  return { board, plan };
}

/**
 * @param {Plan} plan
 * @param {Board} board
 */
function wrongCells(plan, board) {
  const found = [];
  for (let y = 0; y < board.height; y++) {
    for (let x = 0; x < board.width; x++) {
      const wanted = plan.at(x, y);
      if (wanted !== NONE && wanted !== board.get(x, y)) found.push({ x, y, wanted });
    }
  }
  return found;
}

test("the nearest wrong cell is the nearest, for all colours and for some", () => {
  const { board, plan } = planned(21);
  const whole = wholeFrom(22);
  for (let round = 0; round < 200; round++) {
    for (let n = 0; n < 50; n++) {
      const [x, y] = [whole(150), whole(130)];
      const wanted = plan.at(x, y);
      board.set(x, y, wanted !== NONE && whole(3) ? wanted : whole(6));
    }
    const from = { x: whole(150), y: whole(130) };
    const only = round % 3 ? null : whole(6);
    const takes = (/** @type {number} */ index) => only === null || index === only;
    const nearest = nearestWrong(plan, board, { takes, from });
    const distances = wrongCells(plan, board)
      .filter(({ wanted }) => takes(wanted))
      .map(({ x, y }) => (x - from.x) ** 2 + (y - from.y) ** 2);
    const found = nearest && (nearest.x - from.x) ** 2 + (nearest.y - from.y) ** 2;
    assert.equal(found, distances.length ? Math.min(...distances) : null);
  }
});

test("any wrong cell is a wrong one, and a crowd spreads over all", () => {
  const { board, plan } = planned(31);
  const random = randomFrom(32);
  const wrong = new Set(wrongCells(plan, board).map(({ x, y }) => `${x},${y}`));
  const seen = new Set();
  for (let n = 0; n < 500; n++) {
    const cell = anyWrong(plan, board, { takes: () => true, random });
    assert.ok(cell && wrong.has(`${cell.x},${cell.y}`));
    seen.add(`${cell.x},${cell.y}`);
  }
  assert.ok(seen.size > 400, `${seen.size}`);
  for (const { x, y, wanted } of wrongCells(plan, board)) board.set(x, y, wanted);
  assert.equal(anyWrong(plan, board, { takes: () => true, random }), null);
  assert.ok(plan.wrong.every((count) => count === 0));
});

test("a shelf keeps what changes, and forgets what goes", () => {
  const board = new Board();
  board.load(10, 10, new Uint8Array(100));
  const shelf = new Shelf(board);
  /** @type {unknown[]} */
  const kept = [];
  shelf.on("keep", (id, row) => kept.push([id, row && Object.keys(row).includes("count")]));
  shelf.setPalette(PALETTE);
  shelf.add(blueprint("a", 1));
  shelf.add(blueprint("b", 2));
  shelf.reorder("a", -1);
  assert.deepEqual(
    shelf.all.map((/** @type {Shelved} */ { id }) => id),
    ["a", "b"],
  );
  shelf.remove("b");
  assert.deepEqual(kept, [
    ["a", false],
    ["b", false],
    ["b", null],
  ]);
});
