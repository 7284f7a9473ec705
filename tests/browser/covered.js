/* Brings it into sight; says what lies over its middle, null when nothing does. */
const e = arguments[0];
e.scrollIntoView({ block: 'center', behavior: 'instant' });
const box = e.getBoundingClientRect();
const over = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
return over && (e.contains(over) || over.contains(e)) ? null : String(over && over.outerHTML).slice(0, 120);
