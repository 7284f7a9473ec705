/* The worker keeps what a cadre without network needs: static files, the empty visit form, the offline page.
   Never a page with somebody's data. The build puts in the version and the file names. */
const KEEP = 'qingting-VERSION', FILES = ['FILES'], BLANK = '/visits/blank', FORM = '/visits/new';
const OFFLINE = FILES.find(f => f.startsWith('/static/offline.'));
const PATIENCE = 6000; // a mountain network that answers later than this counts as none

const fetchBlank = async () => {
  const cache = await caches.open(KEEP);
  if (await cache.match(BLANK)) return;
  const answer = await fetch(BLANK, { credentials: 'same-origin' });
  if (answer.ok && !answer.redirected) await cache.put(BLANK, answer);
};

self.addEventListener('install', e => {
  self.skipWaiting();
  e.waitUntil(caches.open(KEEP).then(c => c.addAll(FILES)).then(() => fetchBlank().catch(() => {})));
});

self.addEventListener('activate', e => e.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith('qingting-') && name !== KEEP) await caches.delete(name);
  await self.clients.claim();
})()));

self.addEventListener('message', e => { if (e.data === 'blank') e.waitUntil(fetchBlank().catch(() => {})); });

/* Without network, or too slow: the form, or else the offline page. */
const instead = async path => {
  const cache = await caches.open(KEEP);
  return (path === FORM && await cache.match(BLANK)) || await cache.match(OFFLINE) || Response.error();
};
/* Back to the answer to a form: it is kept nowhere, so the form is opened again with its draft. */
const AGAIN = { '/visits': FORM, '/youth': '/youth/new' };
const again = async (request, path) => {
  const id = await request.clone().formData().then(sent => sent.get('id'), () => '');
  const to = AGAIN[path] || (/\/edit$|^\/feedback$/.test(path) ? path : '/');
  return Response.redirect(to + (id ? '#draft=' + id : ''), 303);
};
const navigate = (request, path) => {
  if (request.method === 'POST' && request.isHistoryNavigation) return again(request, path);
  const answer = fetch(request);
  if (path !== FORM || request.method !== 'GET') return answer.catch(() => instead(path));
  const late = new Promise((_, no) => setTimeout(no, PATIENCE));
  return Promise.race([answer, late]).catch(async () => {
    const kept = await (await caches.open(KEEP)).match(BLANK);
    return kept || answer.catch(() => instead(path));
  });
};

self.addEventListener('fetch', e => {
  const url = new URL(e.request.url);
  if (url.origin !== location.origin) return;
  if (e.request.mode === 'navigate') e.respondWith(navigate(e.request, url.pathname));
  else if (FILES.includes(url.pathname)) e.respondWith(caches.match(url.pathname).then(hit => hit || fetch(e.request)));
});
