/* What can be tapped and says these words: exactly, else beginning with them, else holding them. A first
   line names the group that it stands in; * asks for the last of several. */
const [wanted, group] = arguments[0].split('\n').reverse();
const tidy = text => (text || '').replace(/\s+/g, ' ').trim();
const says = e => tidy(e.getAttribute('aria-label') || e.innerText || e.value);
const seen = e => e.getClientRects().length > 0 && getComputedStyle(e).visibility !== 'hidden';
const heads = e => tidy(e.querySelector('legend, h2, h3')?.textContent);
const groups = [...document.querySelectorAll('fieldset, section, .card')].filter(e => heads(e) === group);
const root = !group || group === '*' ? document : groups[0];
if (!root) return null;
const all = [...root.querySelectorAll('button, a, summary, label, input[type=submit]')].filter(seen);
const tests = [t => t === wanted, t => t.startsWith(wanted), t => t.includes(wanted)];
for (const test of tests) {
  const found = all.filter(e => test(says(e)));
  if (found.length) return group === '*' ? found.pop() : found[0];
}
return null;
