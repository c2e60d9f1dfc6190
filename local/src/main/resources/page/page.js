// What every section needs: elements, numbers as people read them, requests.

/** An element. Texts are set as texts: what stands in a log never becomes markup. */
export function element(name, attributes = {}, ...children) {
  const created = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) {
      created.addEventListener(key.slice(2), value);
    } else if (value !== undefined && value !== false) {
      created.setAttribute(key, value === true ? '' : value);
    }
  }
  created.append(...children.filter((child) => child !== undefined));
  return created;
}

/** An element of a picture. */
export function drawn(name, attributes = {}, ...children) {
  const created = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) {
    created.setAttribute(key, value);
  }
  created.append(...children);
  return created;
}

export const byId = (id) => document.getElementById(id);

const SCALES = [[1e9, ' G'], [1e6, ' M'], [1e4, ' k']];

/** 12,345,678 as 12.3 M; up to four digits as they are. */
export function short(number) {
  for (const [scale, unit] of SCALES) {
    if (Math.abs(number) >= scale) {
      const scaled = number / (unit === ' k' ? 1e3 : scale);
      return scaled.toLocaleString('en', { maximumFractionDigits: scaled < 100 ? 1 : 0 }) + unit;
    }
  }
  return number.toLocaleString('en', { maximumFractionDigits: 0 });
}

export const exact = (number) => number.toLocaleString('en');

export function bytes(number) {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  let scaled = number;
  while (scaled >= 1000 && unit < units.length - 1) {
    scaled /= 1000;
    unit++;
  }
  return `${scaled.toLocaleString('en', { maximumFractionDigits: scaled < 10 && unit > 0 ? 1 : 0 })} ${units[unit]}`;
}

/** Costs here are of a few megabytes: two digits that mean something. */
export function dollars(number) {
  if (number > 0 && number < 1e-6) {
    return 'under $0.000001';
  }
  return number === 0 ? '$0' : `$${number >= 0.01 ? number.toFixed(2) : number.toPrecision(2)}`;
}

export const counted = (number, thing) => `${exact(number)} ${thing}${number === 1 ? '' : 's'}`;

/** Times are UTC here, as they are in logs. */
export const clock = (time) => new Date(time).toISOString().slice(11, 19);

export function moment(time) {
  const date = new Date(time);
  const day = date.toISOString().slice(0, 10);
  return `${day === new Date().toISOString().slice(0, 10) ? '' : `${day.slice(5)} `}${clock(time)}`;
}

export function ago(time) {
  const seconds = Math.max(0, Math.round((Date.now() - time) / 1000));
  if (seconds < 60) {
    return `${seconds} s ago`;
  }
  return seconds < 3600 ? `${Math.floor(seconds / 60)} min ago` : `${Math.floor(seconds / 3600)} h ago`;
}

/** Asks the pipeline. What it answers with an error is thrown as its text. */
export async function ask(name, parameters) {
  const query = parameters ? `?${new URLSearchParams(parameters)}` : '';
  return answered(await fetch(`api/${name}${query}`));
}

export async function tell(name, body) {
  return answered(
    await fetch(`api/${name}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    }),
  );
}

async function answered(response) {
  const json = await response.json();
  if (!response.ok) {
    throw new Refused(json.error ?? `it answers ${response.status}`);
  }
  return json;
}

/** The pipeline runs, and refuses; any other error says that it does not run. */
export class Refused extends Error {}

export const SEVERITIES = ['Unknown', 'Informational', 'Low', 'Medium', 'High', 'Critical', 'Fatal'];

export function severity(level, name = SEVERITIES[level] ?? 'Other') {
  return element('span', { class: 'severity', 'data-level': Math.min(level, 5) }, name);
}
