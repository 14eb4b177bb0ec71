// The overview: health with reasons, the tiles, the last hour, why connections were not served.

import { $, h, setText } from './dom.js';
import { Chart } from './chart.js';
import { bytes, count, duration, milliseconds, rate, words } from './format.js';
import { get } from './api.js';

const sessions = new Chart($('chart-sessions'), [{ name: 'sessions', style: 'down' }], value => count(Math.round(value)));
const traffic = new Chart($('chart-traffic'), [{ name: 'down', style: 'down' }, { name: 'up', style: 'up' }], rate);

const why = {
  silent: ['Said nothing', 'a port scan, or a client that opens sockets in advance'],
  stalled: ['Stopped in mid-hello', 'a bad network, or a probe'],
  ended: ['Left before a hello', 'a port scan or a health check'],
  http: ['Web clients', 'handed to the site'],
  not_tls: ['Not TLS', 'handed to the site'],
  malformed_hello: ['Broken hellos', 'handed to the site'],
  surplus_bytes: ['Bytes behind a hello', 'handed to the site'],
  wrong_secret: ['No user’s secret', 'browsers and probes, or an old link'],
  stale: ['Clock is off', 'the client’s time lies outside replay.time_skew'],
  replay: ['Replayed hellos', 'somebody recorded a client and tries it again'],
  unknown_sni: ['Foreign name', 'a right secret with a name that is not ours: an old link'],
  no_tls13: ['No TLS 1.3', 'handed to the site'],
  mode_off: ['Mode is off', 'see [modes]'],
  not_admitted: ['Not admitted', 'disabled, expired, or beyond a limit'],
  bad_inner_header: ['Broken header', 'after the handshake'],
  user_mismatch: ['Another user’s header', 'after the handshake'],
  evicted: ['Made room', 'max_handshakes or max_connections was reached'],
};

const ends = {
  client_finished: 'Client was done', dc_finished: 'Data centre was done', client_reset: 'Client reset', dc_reset: 'Data centre reset', idle: 'Idle for too long',
  half_open: 'Half open for too long', total: 'Site connection too long', memory: 'Buffers were full', protocol: 'Broken protocol', user_gone: 'User removed, disabled or changed',
  shutdown: 'Proxy stopped', evicted: 'Made room', refused: 'Not served', unknown_dc: 'Unknown data centre', dc_unreachable: 'Data centre not reached', dc_mute: 'Data centre mute', fault: 'Fault of telemt',
};

function tile(label) {
  const value = h('div.value', {}, '–'), sub = h('div.sub');
  $('tiles').append(h('div.tile', {}, h('dt', {}, label), h('dd', {}, value, sub)));
  return (text, below = '') => { setText(value, text); setText(sub, below); };
}

const tiles = { sessions: tile('Sessions'), down: tile('Download'), up: tile('Upload'), users: tile('Users') };

function fact(label) {
  const value = h('dd', {}, '–');
  $('process').append(h('div', {}, h('dt', {}, label), value));
  return text => setText(value, text);
}

const facts = {
  uptime: fact('Running for'), version: fact('Version'), settings: fact('Settings'), loops: fact('Event loops'), memory: fact('Memory'),
  buffers: fact('Waiting in buffers'), files: fact('Open files'), handshakes: fact('Handshakes now'), masked: fact('With the site now'), traffic: fact('Traffic since the start'),
};

function health(status) {
  const box = $('health');
  const mark = JSON.stringify([status.health, status.reasons]);
  if (box.dataset.mark === mark) return;
  box.dataset.mark = mark;
  box.dataset.health = status.health;
  box.replaceChildren(...(status.reasons.length
    ? status.reasons.map(reason => h('p', {}, h('strong', {}, `${reason.severity === 'bad' ? 'Trouble' : 'Note'}: `), reason.text, reason.cure && h('span.cure', {}, ` – ${reason.cure}.`)))
    : [h('p', {}, h('strong', {}, 'All is well.'), ' Every loop turns, the settings are in force, clients reach Telegram.')]));
}

function bars(element, counts, label) {
  const entries = Object.entries(counts).sort((one, other) => other[1] - one[1]).slice(0, 8);
  const mark = JSON.stringify(entries);
  if (element.dataset.mark === mark) return;
  element.dataset.mark = mark;
  if (!entries.length) { element.replaceChildren(h('p.blank', {}, 'None so far.')); return; }
  const most = entries[0][1];
  element.replaceChildren(h('div.bars', {}, entries.flatMap(([name, value]) => {
    const fill = h('div.fill');
    fill.style.width = `${value / most * 100}%`;
    const [title, hint] = label(name);
    return [h('div', {}, title, hint && h('span.why', {}, hint)), h('div.track', {}, fill), h('div.count', {}, count(value))];
  })));
}

export function show(status) {
  health(status);
  tiles.sessions(count(status.sessions), status.rates.admitted >= 0.05 ? `${status.rates.admitted.toFixed(1)} new a second` : `${count(status.totals.admitted)} since the start`);
  tiles.down(rate(status.rates.bytes_down), `${bytes(status.totals.bytes_down)} in all`);
  tiles.up(rate(status.rates.bytes_up), `${bytes(status.totals.bytes_up)} in all`);
  tiles.users(count(status.users.enabled), status.users.active == null ? `of ${count(status.users.total)} may come in` : `of ${count(status.users.total)} may come in, ${count(status.users.active)} online`);
  bars($('refusals'), status.refusals, name => why[name] ?? [words(name), '']);
  bars($('ends'), status.ends, name => [ends[name] ?? words(name), '']);
  const process = status.process;
  facts.uptime(duration((new Date(status.at) - new Date(status.started_at)) / 1000));
  facts.version(status.version);
  facts.settings(`revision ${status.revision}, ${status.file}`);
  facts.loops(process.stuck_loops ? `${process.loops - process.stuck_loops} of ${process.loops} turn` : `${process.loops}, ${milliseconds(process.loop_lag)} behind`);
  facts.memory(bytes(process.memory_bytes));
  facts.buffers(bytes(process.held_bytes));
  facts.files(`${count(process.open_files)} of ${count(process.file_limit)}`);
  facts.handshakes(count(status.handshakes));
  facts.masked(count(status.masked));
  facts.traffic(bytes(status.totals.bytes_down + status.totals.bytes_up));
}

export async function refreshHistory() {
  const history = await get('/history');
  sessions.show(history.at, [history.sessions]);
  traffic.show(history.at, [history.bytes_down, history.bytes_up]);
}
