import assert from "node:assert/strict";
import { test } from "node:test";

import {
  formatMoment,
  localField,
  parseMoment,
  wholeSecond,
  within,
} from "../../../history/static/history/time/moments.js";
import { Player } from "../../../history/static/history/time/player.js";
import { SPEEDS, speedFor } from "../../../history/static/history/time/speed.js";

const MOMENT = Date.UTC(2026, 10, 25, 20, 12, 5);

test("a moment is read in every zone, and in UTC where it names none", () => {
  for (const text of [
    "2026-11-25T20:12:05Z",
    "2026-11-25T20:12:05",
    "2026-11-25 20:12:05z",
    "2026-11-25T21:12:05+01:00",
    "2026-11-25T21:12:05 0100",
    "2026-11-25T15:12:05.000-05:00",
    String(MOMENT),
  ]) {
    assert.equal(parseMoment(text), MOMENT, text);
  }
  assert.equal(parseMoment("2026-11-25"), Date.UTC(2026, 10, 25));
});

test("what is no moment is none", () => {
  for (const text of [
    "",
    "yesterday",
    "2026-13-01T00:00Z",
    "2026-02-30T00:00Z",
    "2026-11-25T25:00Z",
    "2026-11-25T20:12:05+99:00",
    "20:12",
    "12345",
    "1e12",
    "<script>",
  ]) {
    assert.equal(parseMoment(text), null, text);
  }
});

test("a moment survives its address", () => {
  assert.equal(formatMoment(MOMENT), "2026-11-25T20:12:05Z");
  assert.equal(parseMoment(formatMoment(MOMENT + 7)), MOMENT + 7);
  assert.equal(new Date(localField(MOMENT)).getTime(), MOMENT);
});

test("a moment is kept within the past", () => {
  const span = { from: 10, to: 20 };
  assert.deepEqual(within(9, span), { ms: 10, beyond: "before" });
  assert.deepEqual(within(21, span), { ms: 20, beyond: "after" });
  assert.deepEqual(within(10, span), { ms: 10, beyond: null });
  assert.deepEqual([wholeSecond(1), wholeSecond(1000)], [1000, 1000]);
});

test("the player goes on as fast as it is told, both ways", () => {
  const player = new Player(() => false);
  player.speed = 100_000;
  player.start(1, 50);
  assert.equal(player.step(66), 1_600_000);
  player.start(-1, 66);
  assert.equal(player.step(67), -100_000);
  player.stop();
  assert.equal(player.step(99), 0);
});

test("without motion one picture a second is shown", () => {
  const player = new Player(() => true);
  player.speed = 10;
  player.start(1, 0);
  assert.deepEqual([player.step(16), player.step(999), player.step(1000)], [0, 0, 10_000]);
});

test("the speed has steps, and an end at either side", () => {
  const player = new Player(() => false);
  for (let i = 0; i < 20; i++) player.change(1);
  assert.equal(player.speed, 100_000);
  for (let i = 0; i < 20; i++) player.change(-1);
  assert.equal(player.speed, 1);
});

test("a whole past, or its last day, plays in about a minute", () => {
  const minute = 60_000;
  const day = 24 * 60 * minute;
  for (let ms = minute; ms < day; ms *= 1.1) {
    const plays = ms / speedFor(ms);
    assert.ok(plays > minute / 3.2 && plays < minute * 3.2, `${ms} ms in ${plays}`);
  }
  assert.deepEqual(
    [0, 10, 6 * 60, 365 * 24 * 60].map((m) => speedFor(m * minute)),
    [1, 10, 600, 1800],
  );
  for (const ms of [0, minute, day, 1_000 * day]) assert.ok(SPEEDS.includes(speedFor(ms)));
});

test("a speed that a person has chosen stays in every past", () => {
  const player = new Player(() => false);
  player.suit({ from: 0, to: 600_000 });
  assert.equal(player.speed, 10);
  player.suit({ from: 0, to: 86_400_000 });
  assert.equal(player.speed, 1_800);
  player.change(-1);
  player.suit({ from: 0, to: 600_000 });
  assert.equal(player.speed, 600);
});
