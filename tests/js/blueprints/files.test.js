import assert from "node:assert/strict";
import { test } from "node:test";
import { readFile, readText } from "../../../blueprints/static/blueprints/files/importing.js";
import { readPng } from "../../../blueprints/static/blueprints/files/png_chunks.js";
import { placeInPng, textsOf } from "../../../blueprints/static/blueprints/files/png_place.js";
import { writePng } from "../../../blueprints/static/blueprints/files/png_writer.js";
import { readPxls, writePxls } from "../../../blueprints/static/blueprints/files/pxls.js";
import { Refusal } from "../../../blueprints/static/blueprints/files/refusal.js";
import { sniff } from "../../../blueprints/static/blueprints/files/sniffing.js";
import { words } from "../../../blueprints/static/blueprints/i18n/en.js";
import { imageOf } from "../../../blueprints/static/blueprints/model/image.js";
import { PALETTE, randomCells, wholeFrom } from "./support.js";

const PLACED = { title: "Herz ♥", x: -12, y: 340 };

/** @param {Map<string, string>} [texts] */
async function png(texts = new Map()) {
  const image = imageOf(5, 4, randomCells(20, 6, 1), PALETTE);
  return new Uint8Array(await (await writePng(image, texts)).arrayBuffer());
}

/** @param {Uint8Array} bytes */
function base64(bytes) {
  return btoa(String.fromCharCode(...bytes));
}

/**
 * Return the key that a file is refused with.
 * @param {Uint8Array | string} file
 */
function refusalOf(file) {
  try {
    readFile(typeof file === "string" ? new TextEncoder().encode(file) : file, "a.png");
  } catch (error) {
    assert.ok(error instanceof Refusal, String(error));
    return error.key;
  }
  return null;
}

/**
 * Read a file in JSON.
 * @param {unknown} content
 */
function read(content) {
  return readFile(new TextEncoder().encode(JSON.stringify(content)), "a.json");
}

test("a PNG keeps its place and its title, in any letters", async () => {
  const bytes = await png(textsOf(PLACED));
  assert.deepEqual(placeInPng(readPng(bytes).texts), PLACED);
  const { format, items } = readFile(bytes, "b.png");
  assert.deepEqual([format, items[0].title, items[0].x, items[0].y], ["png", "Herz ♥", -12, 340]);
  const { texts } = readPng(await png(textsOf(PLACED)));
  texts.delete("pixelsite");
  assert.deepEqual(placeInPng(texts), PLACED);
});

test("a plain picture has the file's name, and is placed by hand", async () => {
  const { format, items } = readFile(await png(), "my heart.png");
  assert.deepEqual([format, items[0].title, items[0].x], ["image", "my heart", null]);
});

test("a link of Pxls is read as it is written; its picture is asked for", () => {
  const source = "https://elsewhere.example/a b.png?x=1";
  const link = writePxls("https://here.example/", {
    title: "A & B",
    x: -3,
    y: 7,
    width: 20,
    source,
  });
  assert.deepEqual(readPxls(link), { title: "A & B", x: -3, y: 7, width: 20, parts: [], source });
  assert.equal(readText(link).format, "pxls");
  assert.equal(readPxls("https://pxls.space/?x=1#template=a.png&ox=1e9&oy=z")?.x, null);
});

test("a feed of endu has templates with their places", () => {
  const template = { name: "Ally", sources: ["https://a.example/b.png"], x: -5, y: 9 };
  const { format, items } = read({
    faction: "x",
    templates: [template, { name: "none" }, null, 3],
  });
  assert.equal(format, "endu");
  assert.deepEqual(items, [
    { title: "Ally", x: -5, y: 9, width: null, parts: [], source: "https://a.example/b.png" },
  ]);
});

test("a .wplace file has its picture; its place only where we wrote it", async () => {
  const bytes = await png();
  const image = { dataUrl: `data:image/png;base64,${base64(bytes)}`, width: 5, height: 4 };
  const [item] = read({ schemaVersion: "1", name: "Owl (3, -4)", image, bounds: {} }).items;
  assert.deepEqual([item.title, item.x, item.y], ["Owl", 3, -4]);
  assert.deepEqual([...item.parts[0].bytes], [...bytes]);
  const { dataUrl: data } = image;
  const [other] = read({ schemaVersion: "1", name: "Owl", image: { data } }).items;
  assert.deepEqual([other.title, other.x, other.parts.length], ["Owl", null, 1]);
});

test("Blue Marble's tiles are put side by side", async () => {
  const picture = base64(await png());
  const tiles = { "0001,0002,010,020": picture, "0001,0002,500,020": picture, nonsense: picture };
  const { format, items } = read({
    whoami: "BlueMarble",
    templates: { "0 a": { name: "Marble", coords: "1, 2, 10, 20", tiles }, "1 a": { tiles: {} } },
  });
  assert.deepEqual([format, items.length, items[0].title], ["blue_marble", 1, "Marble"]);
  assert.deepEqual(
    items[0].parts.map(({ x, y, shredded }) => [x, y, shredded]),
    [
      [1_010, 2_020, true],
      [1_500, 2_020, true],
    ],
  );
});

test("Overlay Pro names its picture, which is never fetched", () => {
  const overlay = { version: 1, name: "Pro", imageUrl: "https://a.example/p.png" };
  const { format, items } = read({
    ...overlay,
    pixelUrl: null,
    offsetX: 4,
    offsetY: 5,
    opacity: 1,
  });
  assert.deepEqual([format, items[0].x, items[0].source], ["overlay_pro", 4, overlay.imageUrl]);
});

test("wrong, missing and hostile fields are left out, one by one", () => {
  const hostile = [
    { templates: [{ name: { toString: 1 }, sources: [7], x: "1e99", y: [] }] },
    { templates: [{ name: "\u202eevil\u0000", sources: ["javascript:alert(1)"], x: NaN, y: 1 }] },
    { templates: [{ name: "x".repeat(5_000), sources: ["y".repeat(5_000)], x: 1, y: 2 }] },
  ];
  for (const each of hostile) {
    const [item] = read(each).items;
    assert.ok([...item.title].length <= 32 && !/[\u202e\0]/.test(item.title));
    assert.ok(item.source.length <= 500 && item.parts.length === 0);
    assert.ok(item.x === null || Number.isInteger(item.x));
  }
  const many = Array.from({ length: 5_000 }, () => ({ name: "a", sources: ["b"], x: 1, y: 1 }));
  assert.equal(read({ templates: many }).items.length, 100);
  assert.equal(refusalOf('{"templates": []}'), "json_empty");
  assert.equal(refusalOf('{"templates": {}}'), "json_unknown");
  assert.equal(refusalOf('{"__proto__": {"templates": []}}'), "json_unknown");
  assert.equal(refusalOf("[1, 2]"), "json_unknown");
  assert.equal(refusalOf('{"templates": [}'), "json_broken");
  assert.equal(refusalOf(`${"[".repeat(200_000)}`), "json_broken");
});

test("what is no picture is refused by what it is", () => {
  assert.equal(refusalOf(""), "file_empty");
  assert.equal(refusalOf("just some words\n"), "picture_unknown");
  assert.equal(refusalOf('<?xml version="1.0"?><svg xmlns="a"></svg>'), "picture_svg");
  assert.equal(refusalOf("<svg/>"), "picture_svg");
  assert.equal(refusalOf(Uint8Array.of(0, 1, 2, 3, 4, 5)), "picture_unknown");
});

/**
 * Make a PNG that says something else in its head.
 * @param {(view: DataView, bytes: Uint8Array) => void} change
 */
async function changed(change) {
  const bytes = await png();
  change(new DataView(bytes.buffer), bytes);
  return bytes;
}

test("pictures that are too large, too deep or cut off are refused before decoding", async () => {
  assert.equal(refusalOf(await changed((view) => view.setUint32(16, 60_000))), "picture_large");
  assert.equal(refusalOf(await changed((view) => view.setUint32(16, 0))), "picture_broken");
  assert.equal(refusalOf(await changed((view) => view.setUint8(24, 16))), "picture_deep");
  assert.equal(refusalOf((await png()).slice(0, -8)), "picture_cut");
  assert.equal(refusalOf((await png()).slice(0, 40)), "picture_cut");
});

/**
 * @param {number} frames
 * @param {number[]} [place] bytes of the frames' left, top, width and height
 */
function gif(frames, place = [0, 0, 0, 0, 2, 0, 3, 0]) {
  const head = [...new TextEncoder().encode("GIF89a"), 2, 0, 3, 0, 0, 0, 0];
  const frame = [0x2c, ...place, 0, 2, 1, 0x44, 0];
  return Uint8Array.from([...head, ...Array(frames).fill(frame).flat(), 0x3b]);
}

test("a GIF's frames are counted", () => {
  assert.deepEqual(sniff(gif(3)), { kind: "gif", width: 2, height: 3, frames: 3 });
  assert.equal(refusalOf(gif(10_000)), "picture_frames");
  assert.equal(refusalOf(gif(2).slice(0, -6)), "picture_cut");
});

test("a GIF has the size of its first frame where that is larger than it says", () => {
  const { width, height } = sniff(gif(1, [1, 0, 2, 0, 4, 0, 3, 0]));
  assert.deepEqual({ width, height }, { width: 5, height: 5 });
  assert.equal(refusalOf(gif(1, [0, 0, 0, 0, 0, 255, 0, 255])), "picture_large");
  for (let cut = 13; cut < 26; cut++) assert.equal(refusalOf(gif(1).slice(0, cut)), "picture_cut");
});

/**
 * @param {number} channels
 * @param {number} depth
 */
function jpeg(channels, depth = 8) {
  const frame = [0xff, 0xc0, 0, 8, depth, 0, 3, 0, 2, channels];
  return Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 1, ...frame, 0xff, 0xda, 9, 0xff, 0xd9]);
}

test("a JPEG for printing is refused, and so is one that is cut off", () => {
  assert.deepEqual(sniff(jpeg(3)), { kind: "jpeg", width: 2, height: 3, frames: 1 });
  assert.equal(refusalOf(jpeg(4)), "picture_cmyk");
  assert.equal(refusalOf(jpeg(3, 12)), "picture_deep");
  assert.equal(refusalOf(jpeg(3).slice(0, -2)), "picture_cut");
});

test("any bytes and any text come to items or to a refusal that has words", async () => {
  const whole = wholeFrom(77);
  const seeds = [
    await png(textsOf(PLACED)),
    gif(3),
    jpeg(3),
    new TextEncoder().encode(
      JSON.stringify({ whoami: "BlueMarble", templates: { a: { tiles: {} } } }),
    ),
    new TextEncoder().encode(JSON.stringify({ templates: [{ name: "a", sources: ["b"], x: 1 }] })),
    new TextEncoder().encode("https://a.example/#template=b&ox=1&oy=2&tw=3"),
    Uint8Array.from([82, 73, 70, 70, 40, 0, 0, 0, 87, 69, 66, 80, 86, 80, 56, 88, ...Array(40)]),
  ];
  for (let round = 0; round < 5_000; round++) {
    const seed = seeds[round % seeds.length];
    const bytes =
      round % 5 ? seed.slice(0, whole(3) ? seed.length : whole(seed.length)) : seed.slice();
    for (let n = whole(6); n > 0 && bytes.length; n--) bytes[whole(bytes.length)] = whole(256);
    try {
      assert.ok(readFile(bytes, "x").items.length > 0);
    } catch (error) {
      assert.ok(error instanceof Refusal, String(error));
      assert.ok(error.key in words, error.key);
    }
  }
});
