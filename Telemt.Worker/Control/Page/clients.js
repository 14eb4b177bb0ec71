// How clients fare: their first answers, where they fail, and their clocks; and who is no client.

import { $, h } from './dom.js';
import { get } from './api.js';
import { count, milliseconds, words } from './format.js';
import { card, draw, table } from './tables.js';
import * as strangers from './strangers.js';

const modes = { tls: 'Fake TLS', secure: 'Secure (dd)', classic: 'Classic' };
const stages = {
  connect: 'Before a byte', hello: 'Hello', offer: 'What the hello offers', authenticate: 'Secret, time, replay', admit: 'Policies and limits', inner_header: 'After our answer', dial: 'To the data centre',
};

function answers(title, label, rows, name) {
  return card(title, 'last 30 to 60 min', rows.length
    ? table(title, [[label], ['Answered', true], ['p50', true], ['p90', true], ['p99', true], ['Unanswered', true], ['Stalled', true]],
      rows.map(row => [name(row.name), count(row.answered), milliseconds(row.p50), milliseconds(row.p90), milliseconds(row.p99), count(row.unanswered), count(row.stalled)]))
    : h('p.blank', {}, 'No client has come yet.'));
}

function failures(all) {
  const some = all.filter(failure => failure.count > 0);
  const rows = Object.entries(stages).flatMap(([stage, title]) => {
    const causes = some.filter(failure => failure.stage === stage).sort((one, other) => other.count - one.count);
    return causes.map((failure, i) => [i ? '' : title, words(failure.cause), count(failure.count)]);
  });
  return card('Handshakes that failed', 'since the start, by stage', rows.length
    ? table('Handshakes that failed', [['Stage'], ['Cause'], ['Connections', true]], rows)
    : h('p.blank', {}, 'None so far.'));
}

function far(seconds) {
  const span = Math.abs(seconds) < 60 ? `${Math.abs(seconds)} s` : `${Math.abs(seconds) / 60} min`;
  return seconds === 0 ? 'right' : `${span} or more ${seconds > 0 ? 'behind' : 'ahead'}`;
}

function clocks(skews) {
  const all = skews.reduce((sum, skew) => sum + skew.count, 0);
  return card('Clocks of clients', 'since the start, by their hellos', all
    ? table('Clocks of clients', [['Clock'], ['Hellos', true], ['Share', true]], skews.filter(skew => skew.count).map(skew => [far(skew.seconds), count(skew.count), `${(skew.count / all * 100).toFixed(1)} %`]))
    : h('p.blank', {}, 'No hello has told a time yet.'));
}

export async function refresh() {
  const [all, refused] = await Promise.all([get('/clients'), get('/refusals')]);
  draw($('clients'), [all, refused], () => [
    h('p.muted', {}, 'Time to the first answer: from the end of the handshake to the data centre’s first byte, the dial included. Unanswered: ended without one. Stalled: ended since the phone did not read.'),
    h('div.grid.two', {},
      answers('First answer by mode', 'Mode', all.modes, name => modes[name] ?? words(name)),
      answers('First answer by data centre', 'DC', all.dcs, name => name)),
    answers('First answer by network', 'Network', all.networks, name => name),
    h('div.grid.two', {}, failures(all.failures), clocks(all.skews)),
    ...strangers.show(refused),
  ]);
}
