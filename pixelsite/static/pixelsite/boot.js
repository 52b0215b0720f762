/**
 * The watch over the start of the page: no module, so that it runs when a module does not come.
 * Its words are in the template; without this script the style shows them, only later.
 */

window.addEventListener(
  "error",
  ({ target }) => {
    const part = target instanceof HTMLLinkElement ? null : target;
    const started = document.body?.classList.contains("started");
    if (part && !started) document.documentElement.classList.add("failed");
  },
  // The error of a script that does not come does not rise.
  true,
);
