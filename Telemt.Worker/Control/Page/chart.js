// Area charts of the last hour: drawn in pixels, so that lines and letters stay sharp at any width.

import { h, svg } from './dom.js';
import { clock } from './format.js';

const pad = { left: 52, right: 8, top: 10, bottom: 22 };

function niceMax(value) {
  if (value <= 4) return 4;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 5, 8, 10].map(step => step * power).find(step => step >= value);
}

export class Chart {
  /** @param series [{ name, style: 'down' | 'up' }] */
  constructor(element, series, format) {
    Object.assign(this, { element, series, format, at: [], values: series.map(() => []) });
    this.empty = h('div.empty', {}, 'The first point comes within ten seconds.');
    this.tip = h('div.tip', { hidden: true });
    this.svg = svg('svg', { role: 'img', 'aria-label': 'Last hour: no points yet.' });
    element.append(this.svg, this.empty, this.tip);
    new ResizeObserver(() => this.draw()).observe(element);
    element.addEventListener('pointermove', event => this.point(event));
    element.addEventListener('pointerleave', () => this.unpoint());
  }

  show(at, values) {
    this.at = at;
    this.values = values;
    this.draw();
  }

  x(index) {
    const width = this.width - pad.left - pad.right;
    const span = Math.max(this.at.at(-1) - this.at[0], 60);
    return this.width - pad.right - (this.at.at(-1) - this.at[index]) / span * width;
  }

  y(value) { return this.height - pad.bottom - value / this.max * (this.height - pad.top - pad.bottom); }

  draw() {
    const box = this.element.getBoundingClientRect();
    if (box.width === 0) return;
    this.width = box.width;
    this.height = box.height;
    this.empty.hidden = this.at.length > 1;
    if (this.at.length < 2) { this.svg.replaceChildren(); return; }

    const peak = Math.max(...this.values.flat());
    this.max = niceMax(peak);
    const parts = [];
    for (const share of [0, .25, .5, .75, 1]) {
      const y = Math.round(this.y(this.max * share)) + .5;
      parts.push(svg('line', { class: 'grid-line', x1: pad.left, x2: this.width - pad.right, y1: y, y2: y }));
      const label = svg('text', { x: pad.left - 8, y: y + 4, 'text-anchor': 'end' });
      label.textContent = this.format(this.max * share);
      if (share * 4 % 2 === 0) parts.push(label);
    }
    const from = this.at[0], to = this.at.at(-1);
    for (const [share, anchor] of [[0, 'start'], [.5, 'middle'], [1, 'end']]) {
      const left = this.x(0);
      const label = svg('text', { x: left + (this.width - pad.right - left) * share, y: this.height - 5, 'text-anchor': anchor });
      label.textContent = clock(from + (to - from) * share);
      if (this.width - left > 200 || share === 1) parts.push(label);
    }
    this.values.forEach((values, i) => {
      const style = this.series[i].style;
      const line = values.map((value, k) => `${k ? 'L' : 'M'}${this.x(k).toFixed(1)} ${this.y(value).toFixed(1)}`).join('');
      const foot = this.height - pad.bottom;
      parts.push(svg('path', { class: `area ${style}`, d: `${line}L${this.x(values.length - 1).toFixed(1)} ${foot}L${this.x(0).toFixed(1)} ${foot}z` }));
      parts.push(svg('path', { class: `line ${style}`, d: line }));
    });
    this.cross = svg('line', { class: 'cross', y1: pad.top, y2: this.height - pad.bottom, visibility: 'hidden' });
    this.svg.replaceChildren(...parts, this.cross);
    const now = this.series.map((one, i) => `${one.name} ${this.format(this.values[i].at(-1))}`).join(', ');
    this.svg.setAttribute('aria-label', `Last hour. Now: ${now}. Most: ${this.format(peak)}.`);
  }

  point(event) {
    if (this.at.length < 2) return;
    const at = event.clientX - this.element.getBoundingClientRect().left;
    let best = 0;
    for (let i = 1; i < this.at.length; i++) if (Math.abs(this.x(i) - at) < Math.abs(this.x(best) - at)) best = i;
    const x = this.x(best);
    this.cross.setAttribute('x1', x);
    this.cross.setAttribute('x2', x);
    this.cross.setAttribute('visibility', 'visible');
    this.tip.textContent = `${clock(this.at[best])}  ` + this.series.map((one, i) => `${one.name} ${this.format(this.values[i][best])}`).join('  ');
    this.tip.hidden = false;
    const room = this.width - this.tip.offsetWidth;
    this.tip.style.left = `${Math.max(0, Math.min(room, x - this.tip.offsetWidth / 2))}px`;
  }

  unpoint() {
    this.tip.hidden = true;
    this.cross?.setAttribute('visibility', 'hidden');
  }
}
