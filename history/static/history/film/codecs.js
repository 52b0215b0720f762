/** The formats of films, and how this browser is asked to encode them. */

/**
 * @typedef {"mp4" | "webm" | "gif"} Format
 * @typedef {{width: number, height: number}} Size in pixels
 *
 * A codec for pictures of one size. `name` is what it is called in a file.
 * @typedef {{format: "mp4" | "webm", name: string, config: VideoEncoderConfig}} Codec
 */

/** All formats, the best first: H.264 is played everywhere. @type {Format[]} */
export const FORMATS = ["mp4", "webm", "gif"];
export const RATE = 30; // pictures a second of a video
const USUAL = { width: 720, height: 720 };

// Pixels and pixels a second in blocks of 16 x 16, up to which a level of H.264 goes (annex A).
const LEVELS = /** @type {const} */ ([
  [3600, 108_000, "1f"],
  [8192, 245_760, "28"],
  [22_080, 589_824, "32"],
  [36_864, 2_073_600, "34"],
  [139_264, 4_177_920, "3c"],
]);
const PROFILES = ["6400", "4d00", "42e0"]; // high, main, baseline
// Up to so many pixels VP8 takes a fifth of the time of VP9, beyond ten times as much.
const SMALL = 640 * 640;
const VP8 = ["vp8", "V_VP8"];
const VP9 = ["vp09.00.41.08", "V_VP9"];

/** @returns {Promise<Format[]>} the formats that this browser makes, the best first */
export async function formatsHere() {
  const found = await Promise.all(FORMATS.map((format) => codecFor(format, USUAL)));
  return FORMATS.filter((format, i) => format === "gif" || found[i]);
}

/**
 * Return the best codec for a format; null where this browser has none for pictures of this size.
 * @param {Format} format
 * @param {Size} size
 * @returns {Promise<Codec | null>}
 */
export async function codecFor(format, size) {
  if (format === "gif" || !globalThis.VideoEncoder) return null;
  for (const [codec, name] of format === "mp4" ? h264(size) : vp(size)) {
    const config = configOf(codec, size);
    const known = await VideoEncoder.isConfigSupported(config).catch(() => null);
    if (known?.supported) return { format, name, config };
  }
  return null;
}

/** @param {Size} size */
function h264({ width, height }) {
  const blocks = Math.ceil(width / 16) * Math.ceil(height / 16);
  const level = LEVELS.find(([most, pace]) => blocks <= most && blocks * RATE <= pace);
  return level ? PROFILES.map((profile) => [`avc1.${profile}${level[2]}`, "avc1"]) : [];
}

/** @param {Size} size */
function vp({ width, height }) {
  return width * height > SMALL ? [VP9, VP8] : [VP8, VP9];
}

/**
 * @param {string} codec
 * @param {Size} size
 * @returns {VideoEncoderConfig}
 */
function configOf(codec, { width, height }) {
  // Cells of one colour beside others need more than what a camera sees.
  const bitrate = Math.min(Math.max(width * height * RATE * 0.3, 2_000_000), 30_000_000);
  return { codec, width, height, framerate: RATE, bitrate, latencyMode: "realtime" };
}
