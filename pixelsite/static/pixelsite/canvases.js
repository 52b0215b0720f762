/** The entry of the list of canvases. */

import { start } from "../canvas/canvases.js";

start();
