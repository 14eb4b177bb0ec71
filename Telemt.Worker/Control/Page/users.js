// The users: a window of the list, kept fresh while it is looked at; each user's link, limits and edits in a dialog.

import { $, h, setText, svg, toast } from './dom.js';
import { edit, get } from './api.js';
import { bytes, count, date, moment, rate } from './format.js';
import * as dialogs from './dialogs.js';

const page = 100;
let shown = page;
let etags = new Map();
let edits = { allowed: false, why_not: null };
let loading = null;
const rows = new Map();

const pathOf = name => `/users/${encodeURIComponent(name)}`;

/** One request at a time; what was asked for meanwhile is asked once more. */
export function refresh() {
  if (loading) { loading.again = true; return loading.done; }
  loading = { again: false };
  loading.done = load().finally(() => {
    const { again } = loading;
    loading = null;
    if (again) return refresh();
  });
  return loading.done;
}

async function load() {
  const query = new URLSearchParams({ query: $('search').value.trim(), state: $('state').value, sort: $('sort').value, limit: shown });
  const list = await get(`/users?${query}`);
  edits = list.edits;
  etags = new Map(list.users.map(user => [user.name, user.etag]));
  setText($('no-edits'), edits.allowed ? '' : `Nothing can be edited here: ${edits.why_not}.`);
  $('no-edits').hidden = edits.allowed;
  $('add').disabled = !edits.allowed;
  setText($('users-count'), list.matched === list.total ? `${count(list.total)} users` : `${count(list.matched)} of ${count(list.total)} users`);
  $('more').hidden = list.users.length >= list.matched;
  const body = $('users');
  const wanted = list.users.map(user => row(user));
  if (!wanted.length) wanted.push(h('tr', {}, h('td', { colspan: 7 }, h('p.blank', {}, 'Nobody here matches.'))));
  if (wanted.length !== body.children.length || wanted.some((element, i) => element !== body.children[i])) body.replaceChildren(...wanted);
  for (const name of rows.keys()) if (!etags.has(name)) rows.delete(name);
}

/** A row is made once and then only changed where it differs, so that focus and selection stay. */
function row(user) {
  let known = rows.get(user.name);
  if (!known) {
    const cells = {
      chip: h('span.chip'), sessions: h('td.num', { 'data-label': 'Sessions' }), addresses: h('td.num', { 'data-label': 'Addresses' }),
      traffic: h('td.num', { 'data-label': 'Traffic' }), quota: h('td.quota-cell'), limits: h('td.limits'),
    };
    const element = h('tr', {},
      h('td.who-cell', {}, h('div.who', {}, h('button.link', { type: 'button', onclick: () => openUser(user.name) }, user.name), cells.chip)),
      cells.sessions, cells.addresses, cells.traffic, cells.quota, cells.limits,
      h('td.act', {}, h('button', { type: 'button', 'aria-label': `Link of ${user.name}`, onclick: () => openUser(user.name) }, 'Link')));
    known = { element, cells, mark: '' };
    rows.set(user.name, known);
  }
  const mark = JSON.stringify(user);
  if (known.mark !== mark) {
    known.mark = mark;
    const { cells } = known;
    cells.chip.dataset.state = user.state;
    setText(cells.chip, stateWord(user.state));
    setText(cells.sessions, count(user.sessions));
    cells.sessions.classList.toggle('live', user.sessions > 0);
    setText(cells.addresses, user.max_ips ? `${count(user.addresses)} of ${count(user.max_ips)}` : count(user.addresses));
    setText(cells.traffic, bytes(user.bytes));
    cells.quota.replaceChildren(...quota(user));
    cells.quota.classList.toggle('blank-cell', !user.quota);
    const limits = limitsOf(user).join(' · ');
    setText(cells.limits, limits);
    cells.limits.classList.toggle('blank-cell', !limits);
  }
  return known.element;
}

const stateWord = state => ({ enabled: 'enabled', disabled: 'disabled', expired: 'expired', spent: 'quota spent' })[state] ?? state;

function quota(user) {
  if (!user.quota) return [];
  const used = user.period_bytes ?? 0;
  const share = Math.min(used / user.quota, 1);
  const fill = h('i');
  fill.style.width = `${share * 100}%`;
  return [h('div.quota', {},
    h('div.meter', { role: 'meter', 'aria-label': `Quota of ${user.name}`, 'aria-valuemin': 0, 'aria-valuemax': 100, 'aria-valuenow': Math.round(share * 100), 'data-level': share >= 1 ? 'bad' : share > .85 ? 'warning' : 'good' }, fill),
    `${bytes(user.period_bytes)} of ${bytes(user.quota)}${user.quota_period === 'total' ? '' : ` a ${user.quota_period}`}`)];
}

function limitsOf(user) {
  return [
    user.expires && `until ${date(user.expires)}`,
    user.max_connections && `${count(user.max_connections)} connections`,
    user.rate && rate(user.rate),
    user.upstreams && `by ${user.upstreams}`,
    user.has_ad_tag && 'sponsored channel',
  ].filter(Boolean);
}

/** Runs an edit; what is wrong with it is shown in place. */
async function run(button, error, work) {
  button.disabled = true;
  error.textContent = '';
  try {
    return await work();
  } catch (failure) {
    error.textContent = failure.status === 412 ? 'Somebody else changed this user just now. Here is what is there; try again.' : `${failure.message}.`;
    if (failure.status === 412) await refresh();
    return undefined;
  } finally {
    button.disabled = !edits.allowed;
    refresh();
  }
}

const field = (label, name, hint, attributes = {}) => h('label.field', {}, label, h('input', { name, autocomplete: 'off', ...attributes }), hint && h('small', {}, hint));

function limitFields(user = {}) {
  const period = h('select', { name: 'quota_period' }, ['month', 'day', 'total'].map(value => h('option', { value, selected: (user.quota_period ?? 'month') === value }, value === 'total' ? 'in all' : `a ${value}`)));
  return h('div.fields', {},
    field('Quota', 'quota', 'such as 100GB; empty: none', { value: user.quota ? toml(user.quota) : null }),
    h('label.field', {}, 'Quota counts', period),
    field('Speed in each direction', 'rate', 'such as 2MB/s; empty: no limit', { value: user.rate ? `${toml(user.rate)}/s` : null }),
    field('Last day', 'expires', 'through that day, UTC; empty: never', { type: 'date', value: user.expires ? lastDay(user.expires) : null }),
    field('Connections', 'max_connections', 'a phone takes up to about ten', { inputmode: 'numeric', pattern: '[0-9]*', value: user.max_connections }),
    field('Addresses', 'max_ips', 'different ones within a minute', { inputmode: 'numeric', pattern: '[0-9]*', value: user.max_ips }));
}

/** The end of a day belongs to that day. */
const lastDay = expires => new Date(new Date(expires) - 1).toISOString().slice(0, 10);

function toml(size) {
  for (const [unit, name] of [[1e12, 'TB'], [1e9, 'GB'], [1e6, 'MB'], [1e3, 'KB']]) if (size >= unit && size % (unit / 1000) === 0) return size / unit + name;
  return String(size);
}

/** Only what was changed, and null for what was emptied. */
function readLimits(form, user) {
  const before = user ? new Map([['quota', user.quota ? toml(user.quota) : ''], ['rate', user.rate ? `${toml(user.rate)}/s` : ''], ['expires', user.expires ? lastDay(user.expires) : ''],
    ['max_connections', String(user.max_connections ?? '')], ['max_ips', String(user.max_ips ?? '')], ['quota_period', user.quota_period]]) : new Map([['quota_period', 'month']]);
  const body = {};
  for (const [name, raw] of new FormData(form)) {
    const value = raw.trim();
    if (name === 'name' || value === (before.get(name) ?? '')) continue;
    body[name] = value === '' ? null : /^max_/.test(name) && /^\d+$/.test(value) ? Number(value) : value;
  }
  if (!user) for (const name of Object.keys(body)) if (body[name] === null) delete body[name];
  return body;
}

function openAdd() {
  const error = h('p.error', { role: 'alert' });
  const submit = h('button.primary', { type: 'submit' }, 'Add');
  const form = h('form', {
    onsubmit: async event => {
      event.preventDefault();
      const user = await run(submit, error, () => edit('POST', '/users', { name: form.elements.name.value.trim(), ...readLimits(form) }));
      if (user) { toast(`${user.name} can come in.`); openUser(user.name); }
    },
  },
  field('Name', 'name', 'for you and the log; the phone does not see it', { required: true, maxlength: 64, spellcheck: 'false' }),
  h('details', {}, h('summary', {}, 'Limits'), h('div.part', {}, limitFields())),
  error,
  h('div.row.end', {}, h('button', { type: 'button', onclick: dialogs.close }, 'Cancel'), submit));
  dialogs.open('Add a user', form);
  form.elements.name.focus();
}

async function openUser(name) {
  const [user, links] = await Promise.all([get(pathOf(name)), get(`${pathOf(name)}/links`)]).catch(failure => { toast(`${failure.message}.`); return []; });
  if (!user) return;
  etags.set(name, user.etag);
  const chip = h('span.chip', { 'data-state': user.state }, stateWord(user.state));
  dialogs.open([name, chip], share(links), usage(user), limits(user), danger(user));
}

function share(links) {
  if (!links.links.length) return h('p.note', {}, `There is no link: ${links.problem ?? 'no mode is on'}.`);
  const code = h('div.qr'), text = h('p.mono', { tabindex: 0, role: 'group', 'aria-label': 'Link' });
  let present;
  const pick = link => {
    present = link;
    text.textContent = link.tg;
    code.replaceChildren(svg('svg', { viewBox: `0 0 ${link.qr_size} ${link.qr_size}`, role: 'img', 'aria-label': 'QR code of the link' }, svg('path', { d: link.qr })));
  };
  const title = link => `${{ tls: 'Looks like HTTPS', secure: 'Secure (dd)', classic: 'Classic' }[link.mode]}${link.domain ? `, ${link.domain}` : ''}, ${link.server}:${link.port}`;
  const copy = async (value, word) => {
    try { await navigator.clipboard.writeText(value); toast(`${word} copied.`); } catch { getSelection().selectAllChildren(text); toast('Select and copy the link yourself: the browser does not let the page.'); }
  };
  // The one to use first.
  const all = [...links.links].sort((one, other) => (other.mode === 'tls') - (one.mode === 'tls'));
  pick(all[0]);
  return h('div.share', {}, code, h('div.part', {},
    links.problem && h('p.note', {}, `${links.problem}.`),
    all.length > 1 ? h('label.field', {}, 'Link', h('select', { onchange: event => pick(all[event.target.value]) }, all.map((link, i) => h('option', { value: i }, title(link))))) : h('h3', {}, title(all[0])),
    text,
    h('div.row', {}, h('button.primary', { type: 'button', onclick: () => copy(present.tg, 'Link') }, 'Copy the link'), h('button', { type: 'button', onclick: () => copy(present.https, 't.me link') }, 'Copy as t.me')),
    h('p.muted', {}, 'Whoever has the link can come in. Point a phone’s camera at the code, or send the link by a way that you trust.')));
}

function usage(user) {
  return h('dl.facts', {},
    ...[['Sessions', count(user.sessions)], ['Addresses', count(user.addresses)], ['Traffic', bytes(user.bytes)],
      ['Of the quota', user.quota ? `${bytes(user.period_bytes)} of ${bytes(user.quota)}` : 'no quota'],
      ['Quota begins anew', user.quota && user.quota_resets_at ? moment(user.quota_resets_at) : '–']].map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))));
}

function limits(user) {
  const error = h('p.error', { role: 'alert' });
  const save = h('button.primary', { type: 'submit', disabled: !edits.allowed }, 'Save');
  const form = h('form', {
    onsubmit: async event => {
      event.preventDefault();
      const body = readLimits(form, user);
      if (!Object.keys(body).length) { toast('Nothing was changed.'); return; }
      const changed = await run(save, error, () => edit('PATCH', pathOf(user.name), body, etags.get(user.name)));
      if (changed) { toast('Saved, and in force.'); openUser(user.name); }
    },
  }, h('h3', {}, 'Limits'), limitFields(user), error, h('div.row.end', {}, save));
  return form;
}

function danger(user) {
  const error = h('p.error', { role: 'alert' });
  const act = (label, style, question, work, done) => {
    const button = h(`button${style}`, {
      type: 'button', disabled: !edits.allowed,
      onclick: async () => {
        if (question && !await dialogs.ask(...question)) return;
        const result = await run(button, error, work);
        if (result !== undefined) done(result);
      },
    }, label);
    return button;
  };
  const etag = () => etags.get(user.name) ?? user.etag;
  const again = text => () => { toast(text); openUser(user.name); };
  return h('div.part', {}, h('div.row', {},
    user.enabled
      ? act('Disable', '', [`Disable ${user.name}?`, 'Running sessions end at once. The link works again once the user is enabled.', 'Disable'], () => edit('PATCH', pathOf(user.name), { enabled: false }, etag()), again(`${user.name} is kept out.`))
      : act('Enable', '', null, () => edit('PATCH', pathOf(user.name), { enabled: true }, etag()), again(`${user.name} can come in.`)),
    act('New secret', '', [`A new secret for ${user.name}?`, 'Running sessions end, and every old link stops working: send the new one.', 'New secret'], () => edit('POST', `${pathOf(user.name)}/rotate`, null, etag()), again('The link is a new one.')),
    act('Remove', '.danger', [`Remove ${user.name}?`, 'The user is taken out of telemt.toml. Running sessions end at once.', 'Remove'], () => edit('DELETE', pathOf(user.name), null, etag()), () => { toast(`${user.name} is gone.`); dialogs.close(); })),
  error);
}

export function start() {
  let typing;
  const anew = () => { shown = page; return refresh(); };
  $('search').addEventListener('input', () => { clearTimeout(typing); typing = setTimeout(anew, 150); });
  $('state').addEventListener('change', anew);
  $('sort').addEventListener('change', anew);
  $('more').addEventListener('click', () => { shown += page; refresh(); });
  $('add').addEventListener('click', openAdd);
}
