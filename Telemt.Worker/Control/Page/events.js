// Events: what the log says at "info" and above, newest first.

import { $, h } from './dom.js';
import { get } from './api.js';
import { moment } from './format.js';

const most = 300;
const ranks = { information: 0, warning: 1, error: 2, critical: 3 };
let all = [];

function item(event) {
  return h('li', { 'data-level': event.level }, h('time', { datetime: event.at }, moment(event.at)), h('span.level', {}, event.level === 'information' ? event.room : event.level), h('span.text', {}, event.text));
}

function draw() {
  const least = ranks[$('event-level').value];
  const wanted = all.filter(event => ranks[event.level] >= least);
  $('events').replaceChildren(...(wanted.length ? wanted.map(item) : [h('li', {}, h('span.text', {}, 'Nothing has happened.'))]));
}

export function add(event) {
  if (all.some(known => known.id === event.id)) return;
  all = [event, ...all].slice(0, most);
  draw();
}

export async function refresh() {
  all = (await get('/events')).events;
  draw();
}

$('event-level').addEventListener('change', draw);
