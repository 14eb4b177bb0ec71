// Numbers as people read them.

const number = new Intl.NumberFormat();
const stamp = new Intl.DateTimeFormat(undefined, { month: 'short', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { year: 'numeric', month: 'short', day: 'numeric' });
const clockTime = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });

export const count = value => value == null ? '–' : number.format(value);

/** By thousands, as telemt.toml has them: 1.5 GB. */
export function bytes(value) {
  if (value == null) return '–';
  const units = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) { value /= 1000; unit++; }
  return `${unit === 0 || value >= 99.5 ? Math.round(value) : value.toFixed(value >= 9.95 ? 1 : 2)} ${units[unit]}`;
}

export const rate = value => `${bytes(value)}/s`;

/** "2d 3h", "4m 10s" */
export function duration(seconds) {
  const parts = [[86400, 'd'], [3600, 'h'], [60, 'm'], [1, 's']];
  const from = parts.findIndex(([size]) => seconds >= size);
  if (from < 0) return '0s';
  return parts.slice(from, from + 2)
    .map(([size, name]) => { const whole = Math.floor(seconds / size); seconds -= whole * size; return whole ? whole + name : ''; })
    .filter(Boolean).join(' ');
}

export const moment = text => stamp.format(new Date(text));
export const date = text => day.format(new Date(text));
export const clock = seconds => clockTime.format(new Date(seconds * 1000));
export const milliseconds = value => value == null ? '–' : value < 10 ? `${value.toFixed(1)} ms` : value < 10000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(1)} s`;
export const words = name => name.replaceAll('_', ' ');
