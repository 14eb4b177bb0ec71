// Data centres, upstreams, and how clients fare: what parts of the proxy report of it.

import { $, h } from './dom.js';

function absent(element, text) {
  if (element.dataset.mark === text) return;
  element.dataset.mark = text;
  element.replaceChildren(h('div.card', {}, h('p.blank', {}, text)));
}

export function show(status) {
  absent($('routes'), 'This build does not report on data centres and upstreams yet.');
  absent($('clients'), 'This build does not measure clients yet.');
}
