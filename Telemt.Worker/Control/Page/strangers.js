// Who was not let in, from where, and what hellos look like.

import { h } from './dom.js';
import { count, moment } from './format.js';
import { card, table } from './tables.js';

const classes = {
  silent: ['Silent', 'Not a byte: a port scan, or a client that was cut off'],
  http: ['Web client', 'HTTP without TLS'],
  ssh: ['SSH', 'A hello of SSH'],
  tls_scanner: ['TLS scanner', 'TLS for another name, older than 1.3, broken or cut short'],
  other_bytes: ['Other bytes', 'Nothing that we know'],
  wrong_secret: ['Wrong secret', 'A client with an old link, or a visitor of the site'],
  unknown_sni: ['Unknown name', 'The right secret for a name that is not in tls_domains'],
  stale: ['Stale', 'The right secret with a wrong clock, or recorded long ago'],
  replay: ['Replay', 'A handshake that was seen before'],
  known_user: ['Known user', 'Switched off, expired, over a limit, or in a mode that is off'],
  crowded: ['Made room', 'Went since others needed the place'],
  not_introduced: ['Not introduced', 'Without the PROXY header that the listener asks for'],
};

function looks(all) {
  const some = all.filter(each => each.count).sort((one, other) => other.count - one.count);
  return card('Who was not let in', 'since the start, by what came', some.length
    ? table('Who was not let in', [['Looks like'], ['Which is'], ['Connections', true]], some.map(each => [...classes[each.class], count(each.count)]))
    : h('p.blank', {}, 'Nobody so far.'));
}

function sources(all) {
  return card('Where they came from', 'since the start', all.length
    ? table('Where they came from', [['Network'], ['Looks like'], ['Connections', true], ['Last']], all.map(row => [row.network, classes[row.class][0], count(row.count), moment(row.last_at)]))
    : h('p.blank', {}, 'Nobody so far.'));
}

function hellos(all) {
  return card('Hellos by fingerprint', 'JA4, since the start', all.length
    ? table('Hellos by fingerprint', [['JA4'], ['Let in', true], ['Not', true], ['Last']], all.map(row => [h('code', {}, row.ja4), count(row.accepted), count(row.refused), moment(row.last_at)]))
    : h('p.blank', {}, 'No hello has come yet.'));
}

function flights(all) {
  const some = all.filter(each => each.answered);
  return card('Answered hellos', 'since the start, by our key', some.length
    ? table('Answered hellos', [['Key'], ['Answered', true], ['Nothing came behind', true]], some.map(each => [each.group, count(each.answered), count(each.abandoned)]))
    : h('p.blank', {}, 'No hello has come yet.'));
}

export const show = all => [h('div.grid.two', {}, looks(all.classes), sources(all.sources)), flights(all.flights), hellos(all.hellos)];
