/**
 * A part of the page that is kept as the server has it now. Not by reloading: that takes away the
 * focus, the scroll position, and the place where a screen reader was reading.
 */

const part = document.querySelector("[data-live]");

/**
 * Fetch the page, and put its part in place of ours.
 * @param {HTMLElement} ours
 */
async function renew(ours) {
  const answer = await fetch(location.href);
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const renewed = page.querySelector("[data-live]");
  if (renewed) ours.replaceChildren(...renewed.childNodes);
  else location.reload(); // it has ended, or the log-in has
}

/** @param {HTMLElement} ours its attribute says after how many seconds */
function renewLater(ours) {
  setTimeout(async () => {
    if (!document.hidden) await renew(ours).catch(() => {}); // the server is away: the next time
    renewLater(ours);
  }, Number(ours.dataset.live) * 1000);
}

if (part instanceof HTMLElement) renewLater(part);
