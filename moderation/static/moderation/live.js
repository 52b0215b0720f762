/**
 * Keeps a part of the page as the server has it now. Not by reloading: that takes away the focus,
 * the place that was scrolled to, and what a screen reader was reading.
 */

const part = document.querySelector("[data-live]");

async function renew() {
  const answer = await fetch(location.href);
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const renewed = page.querySelector("[data-live]");
  if (renewed) part.replaceChildren(...renewed.childNodes);
  else location.reload(); // it has ended, or the log-in has
}

async function keepRenewing() {
  if (!document.hidden) await renew().catch(() => {}); // the server is away: the next time
  setTimeout(keepRenewing, part.dataset.live * 1000);
}

if (part) setTimeout(keepRenewing, part.dataset.live * 1000);
