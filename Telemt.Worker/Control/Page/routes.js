// Data centres and upstreams: which way works, how fast, since when, and which is used.

import { $, h } from './dom.js';
import { get } from './api.js';
import { count, milliseconds, moment } from './format.js';
import { card, draw, table } from './tables.js';

const words = { up: 'works', down: 'down', unknown: 'not tried yet' };
const moods = { up: 'good', down: 'bad', unknown: 'unknown' };

const chip = (state, failures) => h('span.chip', { 'data-health': state !== 'down' && failures ? 'warning' : moods[state] }, state === 'up' && failures ? 'failed last' : words[state]);
const times = latency => latency ? `${milliseconds(latency.p50)} / ${milliseconds(latency.p90)} / ${milliseconds(latency.p99)}` : '–';
const success = upstream => {
  const all = upstream.chosen + upstream.failed;
  return all ? `${(upstream.chosen / all * 100).toFixed(upstream.failed ? 1 : 0)} %` : '–';
};

function facts(upstream) {
  return h('dl.facts', {}, [
    ['Way', upstream.type === 'direct' ? 'directly' : `${upstream.type} ${upstream.address}`],
    ['Group', `${upstream.group}, weight ${count(upstream.weight)}`],
    ['Sessions now', count(upstream.sessions)],
    ['Sessions since the start', count(upstream.chosen)],
    ['Attempts that connected', success(upstream)],
    ['Since', upstream.since ? moment(upstream.since) : '–'],
  ].map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))));
}

function trouble(what) {
  if (!what.last_error) return '–';
  return `${what.last_error}, ${moment(what.last_error_at)}`;
}

function show(upstream) {
  const title = h('h2', {}, upstream.name);
  const state = h('span.row', {}, upstream.sessions > 0 && h('span.chip', { 'data-health': 'good' }, 'in use'), upstream.draining && h('span.chip', {}, 'draining'), chip(upstream.state, 0));
  return h('section.card.stack', {}, h('div.card-head', {}, title, state), facts(upstream),
    upstream.last_error && h('p.muted', {}, `Last trouble of the way itself: ${trouble(upstream)}`),
    upstream.paths.length
      ? table(`Data centres by ${upstream.name}`, [['DC', true], ['Address'], ['State'], ['Since'], ['Connect p50 / p90 / p99', true], ['Answer to a probe', true], ['Mute', true], ['Last trouble']],
        upstream.paths.map(path => [count(path.dc), path.address, chip(path.state, path.failures), path.since ? moment(path.since) : '–', times(path.connect), path.answer ? milliseconds(path.answer.p50) : '–', count(path.mute), trouble(path)]))
      : h('p.blank', {}, 'No session has gone this way yet.'));
}

export async function refresh() {
  const { upstreams } = await get('/routes');
  draw($('routes'), upstreams, () => upstreams.length ? upstreams.map(show) : [card('No way', '', h('p.blank', {}, 'No upstream is enabled.'))]);
}
