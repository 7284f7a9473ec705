/* Brings it into sight; says what lies over its middle, null when nothing does. Leaves word for left.js
   whether this tap takes another page. */
const e = arguments[0];
e.scrollIntoView({ block: 'center', behavior: 'instant' });
const box = e.getBoundingClientRect();
const over = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
const at = e.closest('a[href], button, input[type=submit]');
const sends = f => f && f.method !== 'dialog' && (f.noValidate || at.formNoValidate || f.checkValidity());
const leads = a => !a.hasAttribute('download') && !a.target && /^http/.test(a.protocol) && !a.pathname.endsWith('.xlsx')
  && (!a.hash || a.pathname + a.search !== location.pathname + location.search);
window.tapped = at && (at.href ? leads(at) : at.type === 'submit' && !at.disabled && sends(at.form)) ? 'leaves' : 'stays';
/* Script of the page may keep the tap to itself; heard last, and never where script is off. */
const heard = event => { if (event.defaultPrevented) window.tapped = 'stays'; };
for (const type of ['click', 'submit']) window.addEventListener(type, heard);
return over && (e.contains(over) || over.contains(e)) ? null : String(over && over.outerHTML).slice(0, 120);
