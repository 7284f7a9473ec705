/* The field that is called so. */
const wanted = arguments[0];
const seen = e => e.getClientRects().length > 0;
const called = e => [...(e.labels || [])].map(l => l.innerText.trim()).concat(e.getAttribute('aria-label') || []);
const fields = [...document.querySelectorAll('input, textarea, select')].filter(seen);
/* Of several that are called so, the one with the keyboard in it. */
const active = document.activeElement;
if (fields.includes(active) && called(active).some(t => t.startsWith(wanted))) return active;
return fields.find(e => called(e).includes(wanted)) || fields.find(e => called(e).some(t => t.startsWith(wanted))) || null;
