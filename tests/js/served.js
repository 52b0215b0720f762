/**
 * Imports as the server serves them: the `static` folders of all apps lie side by side. Node.js
 * loads this first: `node --import ./tests/js/served.js --test …`.
 */

import { register } from "node:module";

register("./served_hooks.js", import.meta.url);
