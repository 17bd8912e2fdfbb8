// The service worker of the cabinet: the client starts from this device, and without a network one
// gets an explanation instead of the browser's error. Registered as /sw.js?build=<build>, so that
// each build brings its own worker and its own cache.
//
// What it never keeps: pages (they hold personal data) and anything under /api or /files.

const build = new URL(self.location.href).searchParams.get("build") ?? "unknown";
const prefix = "cabinet-";
const cacheName = prefix + build;
const offlinePage = "/offline.html";
const rootFiles = ["/favicon.svg", "/manifest.webmanifest", "/icons/app-192.png"];

async function fetchFresh(path) {
  const response = await fetch(path, { cache: "no-cache", credentials: "omit" });
  if (!response.ok) {
    throw new Error(`${path}: ${response.status}`);
  }
  return response;
}

// The offline page links the style of this very build, whose name holds its hash.
async function offlineResponse(styles) {
  const response = await fetchFresh(offlinePage);
  const links = styles.map(({ href }) => `<link rel="stylesheet" href="${href}">`).join("");
  const html = (await response.text()).replace("<!-- styles -->", links);
  const headers = new Headers(response.headers);
  headers.delete("Content-Encoding");
  headers.delete("Content-Length");
  return new Response(html, { status: 200, headers });
}

async function install() {
  const assets = await (await fetchFresh("/pkg/assets.json")).json();
  const cache = await caches.open(cacheName);
  await cache.addAll([...assets.precache, ...rootFiles]);
  await cache.put(offlinePage, await offlineResponse(assets.styles));
}

async function activate() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(prefix) && name !== cacheName);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function page(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(offlinePage)) ?? Response.error();
  }
}

async function asset(request) {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));

// A waiting worker takes over only when a page asks: an old page keeps its old worker until then.
self.addEventListener("message", (event) => {
  if (event.data === "update") {
    self.skipWaiting();
  }
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) {
    return;
  }
  if (request.mode === "navigate") {
    // Files are downloads, sign-in leads elsewhere: the browser does these itself.
    if (!url.pathname.startsWith("/files/") && !url.pathname.startsWith("/sign-in/esia")) {
      event.respondWith(page(request));
    }
  } else if (url.pathname.startsWith("/pkg/") || rootFiles.includes(url.pathname)) {
    event.respondWith(asset(request));
  }
});
