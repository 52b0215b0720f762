{% comment %}
For the shell alone: without a network a page is answered by words. It keeps no page, no board
and no answer of the server, so that nothing old is ever shown after a deploy. Offline, Firefox
would answer a request for a page from its own cache, with one of any age.
{% endcomment %}const CACHE = "pixelsite-shell-{{ version }}";
const SHELL = [{% for url in shell %}"{{ url|escapejs }}"{% if not forloop.last %}, {% endif %}{% endfor %}];

addEventListener("install", (event) => {
  const requests = SHELL.map((url) => new Request(url, { cache: "reload" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(requests)));
  skipWaiting();
});

addEventListener("activate", (event) => {
  const former = (name) => name.startsWith("pixelsite-") && name !== CACHE;
  const forget = (names) => Promise.all(names.filter(former).map((name) => caches.delete(name)));
  event.waitUntil(caches.keys().then(forget));
});

addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  if (method !== "GET") return;
  const { origin, pathname } = new URL(url);
  if (mode === "navigate") {
    const asked = fetch(event.request, { cache: "no-store" });
    event.respondWith(asked.catch(() => kept(SHELL[0])));
  } else if (origin === location.origin && SHELL.slice(1).includes(pathname)) {
    event.respondWith(fetch(event.request).catch(() => kept(pathname)));
  }
});

async function kept(path) {
  const cache = await caches.open(CACHE);
  return (await cache.match(path, { ignoreVary: true })) ?? Response.error();
}
