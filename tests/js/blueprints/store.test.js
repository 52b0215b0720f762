import assert from "node:assert/strict";
import { test } from "node:test";
import { imageOf } from "../../../blueprints/static/blueprints/model/image.js";
import { formerOf } from "../../../blueprints/static/blueprints/shared/former.js";
import { savedOf } from "../../../blueprints/static/blueprints/shared/saved.js";
import { listedOf } from "../../../blueprints/static/blueprints/shared/site.js";
import { SiteError } from "../../../blueprints/static/blueprints/shared/site_error.js";
import { believed } from "../../../blueprints/static/blueprints/store/believing.js";
import { PALETTE, randomCells } from "./support.js";

const IMAGE = imageOf(3, 2, randomCells(6, 6, 1), PALETTE);
const ROW = { id: "a", title: "Owl", x: -1, y: 2, on: true, image: IMAGE, samples: [] };

test("a stored blueprint is believed as it was kept", () => {
  assert.deepEqual(believed({ ...ROW, canvas: "main" }), { ...ROW, saved: null });
});

test("rows that another version or hand has written are left out", () => {
  const wrong = [
    null,
    7,
    {},
    { ...ROW, id: 5 },
    { ...ROW, x: "far" },
    { ...ROW, image: { ...IMAGE, width: 4 } },
    { ...ROW, image: { ...IMAGE, cells: [1, 2, 3] } },
    { ...ROW, image: { ...IMAGE, colors: [{ index: 1, color: "red" }] } },
    { ...ROW, image: { ...IMAGE, colors: [] } },
    { ...ROW, image: { width: 1e9, height: 1e9, cells: new Uint8Array(0), colors: [] } },
  ];
  for (const row of wrong) assert.equal(believed(row), null, JSON.stringify(row));
  const samples = [{ at: 1, right: 2 }, { at: "x" }, null];
  assert.deepEqual(believed({ ...ROW, samples })?.samples, [{ at: 1, right: 2 }]);
});

const TOLD = {
  ...{ id: "k3m9xw2a7q", version: 2, image: "ab", title: "Owl", x: 1, y: -2, owner: null },
  ...{ link: "https://a.example/x", description: "d", coeditors: ["Bo", 3], may_edit: true },
};

test("a blueprint of the site is read field by field", () => {
  const { title, x, y, saved } = listedOf(TOLD);
  assert.deepEqual([title, x, y, saved.mayEdit, saved.isMine], ["Owl", 1, -2, true, false]);
  assert.deepEqual([saved.coeditors, saved.link], [["Bo"], "https://a.example/x"]);
  assert.deepEqual(savedOf(saved), saved);
  for (const wrong of [{ id: "../x" }, { version: "2" }, { x: null }, { image: 5 }]) {
    assert.throws(() => listedOf({ ...TOLD, ...wrong }), SiteError);
  }
});

test("only a link that leads to a web page is one", () => {
  for (const link of ["javascript:alert(1)", "data:text/html,x", "//a", "https://a b", 5, null]) {
    assert.equal(listedOf({ ...TOLD, link }).saved.link, "");
  }
});

test("a former version is taken as the site tells it, or refused", () => {
  const told = { version: 2, title: "Owl", x: -3, y: 4, image: "a".repeat(64), by: null, at: 5 };
  assert.deepEqual(formerOf(told), told);
  assert.equal(formerOf({ ...told, by: "Ada" }).by, "Ada");
  const wrongs = [{ version: "2" }, { title: 7 }, { x: 1.5 }, { y: null }, { at: "now" }];
  for (const wrong of [...wrongs, { image: "../me" }, { image: 7 }]) {
    assert.throws(() => formerOf({ ...told, ...wrong }), SiteError);
  }
});
