/** Boards and images that page and pods count alike; `tests/blueprints` counts the same file. */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Count } from "../../../blueprints/static/blueprints/model/count.js";
import {
  decodeImage,
  encodeImage,
  wantsOf,
} from "../../../blueprints/static/blueprints/model/image.js";

const CASES = JSON.parse(
  readFileSync(new URL("../../blueprints/progress_cases.json", import.meta.url), "utf8"),
);

for (const { name, image: base64, sha256, x, y, palette, board, progress } of CASES) {
  test(`the page counts as a pod: ${name}`, () => {
    const bytes = new Uint8Array(Buffer.from(base64, "base64"));
    const image = decodeImage(bytes);
    assert.equal(createHash("sha256").update(encodeImage(image)).digest("hex"), sha256);
    const count = new Count(image, { x, y }, wantsOf(image, palette));
    const cells = Uint8Array.from(board.flat());
    count.recount({ width: board[0].length, height: board.length, cells });
    const { right, wrong, missing } = count.all;
    const colors = count.colors.map((each) => [each.index, each.right, each.wrong, each.missing]);
    const [, , , all] = progress;
    const counted = all.filter((/** @type {number[]} */ [, ...counts]) =>
      counts.some((each) => each > 0),
    );
    assert.deepEqual([right, wrong, missing, colors], [...progress.slice(0, 3), counted]);
  });
}
