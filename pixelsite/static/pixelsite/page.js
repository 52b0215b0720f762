/** The page's entry. */

import { start } from "../canvas/main.js";

start();
