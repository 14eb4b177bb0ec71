// Puts the page together: sections by the address, colours, the stream and what is refreshed at its pace.

import { $, h, setText } from './dom.js';
import { follow, onTokenNeeded } from './api.js';
import { askToken } from './dialogs.js';
import * as overview from './overview.js';
import * as users from './users.js';
import * as events from './events.js';
import * as routes from './routes.js';
import * as clients from './clients.js';

const sections = ['overview', 'users', 'routes', 'clients', 'events'];
const names = { overview: 'Overview', users: 'Users', routes: 'Routes', clients: 'Clients', events: 'Events' };
let section = '';
let ticks = 0;

function navigate() {
  const wanted = sections.includes(location.hash.slice(1)) ? location.hash.slice(1) : location.hash === '#main' ? section : 'overview';
  if (wanted === section) return;
  section = wanted;
  for (const name of sections) {
    $(`view-${name}`).hidden = name !== section;
    const link = document.querySelector(`nav a[href="#${name}"]`);
    if (name === section) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  document.title = `${names[section]} – Telemt`;
  scrollTo(0, 0);
  refresh();
}

/** What the section shows beyond the stream. */
function refresh() {
  const work = { overview: overview.refreshHistory, users: users.refresh, routes: routes.refresh, clients: clients.refresh, events: events.refresh }[section];
  work?.().catch(() => {
    // The stream notices a lost connection, and says so.
  });
}

function onStatus(status) {
  const chip = $('health-chip');
  chip.dataset.health = status.health;
  setText(chip, { good: 'healthy', warning: 'see notes', bad: 'trouble' }[status.health]);
  overview.show(status);
  ticks++;
  if (document.hidden) return;
  if (section === 'overview' && ticks % 10 === 1) refresh();
  if (['users', 'routes', 'clients'].includes(section) && ticks % 3 === 0) refresh();
}

function onEvent(name, data) {
  if (document.body.classList.contains('stale')) {
    document.body.classList.remove('stale');
    $('lost').hidden = true;
    refresh();
  }
  const began = performance.now();
  if (name === 'status') onStatus(data);
  if (name === 'event') events.add(data);
  // For whoever wants to know what a live update costs: performance.getEntriesByName('telemt-update').
  performance.measure('telemt-update', { start: began, end: performance.now() });
  if (performance.getEntriesByName('telemt-update').length > 100) performance.clearMeasures('telemt-update');
}

async function onLost(seconds) {
  document.body.classList.add('stale');
  $('lost').hidden = false;
  const chip = $('health-chip');
  chip.dataset.health = 'unknown';
  setText(chip, 'not connected');
  for (let left = seconds; left > 0; left--) {
    setText($('lost'), `The connection to the proxy is lost. Trying again in ${left} s.`);
    await new Promise(resolve => setTimeout(resolve, 1000));
  }
  setText($('lost'), 'The connection to the proxy is lost. Trying again.');
}

function colours() {
  const words = { auto: 'as the system has them', light: 'light', dark: 'dark' };
  const show = () => {
    const theme = localStorage.getItem('telemt-theme') ?? 'auto';
    if (theme === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    $('theme').setAttribute('aria-label', `Colours: ${words[theme]}`);
    $('theme').title = `Colours: ${words[theme]}`;
  };
  $('theme').addEventListener('click', () => {
    const order = ['auto', 'light', 'dark'];
    const next = order[(order.indexOf(localStorage.getItem('telemt-theme') ?? 'auto') + 1) % order.length];
    localStorage.setItem('telemt-theme', next);
    show();
  });
  show();
}

onTokenNeeded(askToken);
colours();
users.start();
addEventListener('hashchange', navigate);
navigate();
follow(onEvent, onLost);
