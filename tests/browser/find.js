/* What can be tapped and says these words: exactly, else beginning with them, else holding them. */
const wanted = arguments[0];
const says = e => (e.getAttribute('aria-label') || e.innerText || e.value || '').replace(/\s+/g, ' ').trim();
const seen = e => e.getClientRects().length > 0 && getComputedStyle(e).visibility !== 'hidden';
const all = [...document.querySelectorAll('button, a, summary, label, input[type=submit]')].filter(seen);
const tests = [t => t === wanted, t => t.startsWith(wanted), t => t.includes(wanted)];
for (const test of tests) {
  const found = all.filter(e => test(says(e)));
  if (found.length) return found[0];
}
return null;
