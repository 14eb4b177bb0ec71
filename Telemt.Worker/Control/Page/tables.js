// Tables of figures: drawn anew only when a figure is another, so that selection and scrolling stay.

import { h } from './dom.js';

/** Draws into the element unless it shows these data already. */
export function draw(element, data, make) {
  const mark = JSON.stringify(data);
  if (element.dataset.mark === mark) return;
  element.dataset.mark = mark;
  const scrolled = [...element.querySelectorAll('.scroll')].map(box => box.scrollLeft);
  const focused = document.activeElement?.dataset?.table;
  element.replaceChildren(...make());
  element.querySelectorAll('.scroll').forEach((box, i) => { box.scrollLeft = scrolled[i] ?? 0; });
  if (focused) element.querySelector(`[data-table="${CSS.escape(focused)}"]`)?.focus();
}

/** columns: [title, isNumber]; rows of cells, each a text or an element. */
export function table(label, columns, rows) {
  return h('div.scroll', { tabindex: 0, role: 'region', 'aria-label': label, 'data-table': label }, h('table.table', {},
    h('thead', {}, h('tr', {}, columns.map(([title, isNumber]) => h(isNumber ? 'th.num' : 'th', { scope: 'col' }, title)))),
    h('tbody', {}, rows.map(cells => h('tr', {}, cells.map((cell, i) => h(columns[i][1] ? 'td.num' : 'td', {}, cell)))))));
}

export function card(title, hint, ...content) {
  return h('section.card', {}, h('div.card-head', {}, h('h2', {}, title), hint && h('span.muted', {}, hint)), ...content);
}
