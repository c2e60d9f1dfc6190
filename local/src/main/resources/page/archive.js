// What is kept, what it costs, whether it is intact, and how it comes back.
import { ask, bytes, byId, clock, counted, dollars, drawn, element, exact, moment, Refused, tell } from './page.js';

const PLACES = { events: 'normalised events', raw: 'source records, untouched', archive: 'compacted', manifests: 'what is in it', failed: 'could not be processed', restore: 'restore jobs', reports: 'reports' };
const PERIOD = 3000;

let asked = 0;
let days = '';

export function show() {
  asked = 0;
}

export async function update() {
  if (Date.now() - asked < PERIOD) {
    return;
  }
  asked = Date.now();
  const archive = await ask('archive');
  if (!archive.places) {
    return;
  }
  byId('archive-total').textContent = `${dollars(archive.month)} a month at list prices`;
  places(archive.places);
  growth(archive.samples);
  choices(archive.compacted);
  runs(archive.compacted);
  integrity(archive.operations);
  operations(archive.operations);
}

const colour = (name) => `var(--class-${name}, var(--accent))`;

const cell = (text, isNumber = false) => element('td', isNumber ? { class: 'number' } : {}, text);

function table(titles, rows) {
  const head = titles.map((title) => element('th', { scope: 'col', class: title.endsWith(' ') ? 'number' : undefined }, title.trim()));
  return element('div', { class: 'wide' }, element('table', {}, element('thead', {}, element('tr', {}, ...head)), element('tbody', {}, ...rows)));
}

function places(list) {
  const rows = list.map((each) =>
    element(
      'tr',
      {},
      element('td', {}, element('code', {}, `${each.place}/`), ' ', element('span', { class: 'hint' }, PLACES[each.place] ?? '')),
      cell(each.class),
      cell(exact(each.objects), true),
      cell(bytes(each.bytes), true),
      cell(dollars(each.month), true),
    ),
  );
  byId('places').replaceChildren(table(['Where', 'Storage class', 'Objects ', 'Bytes ', 'A month '], rows));
}

/** Areas over each other, a class each. */
function growth(samples) {
  if (samples.length < 2) {
    byId('growth').replaceChildren(element('p', { class: 'empty' }, 'It is looked at every few seconds.'));
    return;
  }
  const classes = [...new Set(samples.flatMap((sample) => sample.places.map((place) => place.class)))].sort().reverse();
  const sum = (sample, name) => sample.places.filter((place) => place.class === name).reduce((total, place) => total + place.bytes, 0);
  const highest = Math.max(1, ...samples.map((sample) => classes.reduce((total, name) => total + sum(sample, name), 0)));
  const first = samples[0].time;
  const last = samples.at(-1).time;
  const x = (time) => ((time - first) / (last - first)) * 600;
  const y = (value) => 146 - (value / highest) * 136;
  const picture = drawn('svg', { viewBox: '0 0 600 150', preserveAspectRatio: 'none', role: 'img', 'aria-label': `Bytes over time, ${bytes(highest)} at most` });
  let below = samples.map(() => 0);
  for (const name of classes) {
    const above = samples.map((sample, i) => below[i] + sum(sample, name));
    const up = samples.map((sample, i) => `${x(sample.time).toFixed(1)},${y(above[i]).toFixed(1)}`);
    const down = samples.map((sample, i) => `${x(sample.time).toFixed(1)},${y(below[i]).toFixed(1)}`).reverse();
    picture.append(drawn('polygon', { points: [...up, ...down].join(' '), style: `fill: ${colour(name)}` }));
    below = above;
  }
  const legend = classes.map((name) => element('span', {}, element('i', { style: `background: ${colour(name)}` }), `${name} ${bytes(sum(samples.at(-1), name))}`));
  byId('growth').replaceChildren(picture, element('p', { class: 'legend' }, ...legend, `${clock(first)} to ${clock(last)} UTC`));
}

/** Only when they change: somebody may be choosing. */
function choices(compacted) {
  const found = JSON.stringify(compacted.map((run) => [run.date, run.source]));
  if (found === days) {
    return;
  }
  days = found;
  const options = (values) => [...new Set(values)].sort().map((value) => element('option', { value }, value));
  byId('restore-date').replaceChildren(...options(compacted.map((run) => run.date)).reverse());
  byId('restore-source').replaceChildren(element('option', { value: '' }, 'all'), ...options(compacted.map((run) => run.source)));
}

const STATES = { asleep: 'asleep', waking: 'waking', awake: 'can be read' };
const stateOf = (run) => (run.awake === undefined ? 'asleep' : run.awake ? 'awake' : 'waking');

function runs(compacted) {
  if (compacted.length === 0) {
    byId('runs').replaceChildren(element('p', { class: 'empty' }, 'No day is compacted yet. Days that are over are compacted soon after the start.'));
    return;
  }
  const rows = [...compacted]
    .sort((a, b) => b.date.localeCompare(a.date) || a.source.localeCompare(b.source))
    .map((run) =>
      element(
        'tr',
        {},
        cell(run.date),
        cell(run.source),
        cell(exact(run.events), true),
        cell(`${exact(run.objects)} → 1`, true),
        cell(bytes(run.bytes), true),
        cell(run.class),
        element('td', {}, element('span', { class: 'state', 'data-state': stateOf(run) }, STATES[stateOf(run)])),
        element('td', { class: 'mono', title: run.sha256 }, run.sha256.slice(0, 10)),
      ),
    );
  byId('runs').replaceChildren(table(['Day', 'Source', 'Events ', 'Objects ', 'Bytes ', 'Storage class', 'State', 'SHA-256'], rows));
}

function integrity(operations) {
  const verified = operations.filter((operation) => operation.name === 'verify').at(-1);
  const shown = byId('integrity');
  if (!verified) {
    shown.className = '';
    shown.textContent = 'Not verified since the start.';
  } else if (verified.error || verified.answer.problems > 0) {
    shown.className = 'bad';
    shown.textContent = `✗ ${verified.error ?? `${verified.answer.problems} problems in ${verified.answer.parts} parts`}, ${clock(verified.time)}`;
  } else {
    shown.className = 'good';
    shown.textContent = `✓ ${counted(verified.answer.parts, 'part')} intact, ${clock(verified.time)}`;
  }
}

function operations(list) {
  if (list.length === 0) {
    byId('operations').replaceChildren(element('p', { class: 'empty' }, 'Nothing was asked for yet.'));
    return;
  }
  const rows = [...list].reverse().map((operation) =>
    element('tr', {}, element('td', { class: 'mono' }, moment(operation.time)), cell(operation.name), cell(operation.error ?? told(operation.answer))),
  );
  byId('operations').replaceChildren(table(['Time', 'What', 'Answer'], rows));
}

const told = (answer) =>
  Object.entries(answer)
    .filter(([, value]) => typeof value !== 'object')
    .map(([name, value]) => `${name.replace(/_/g, ' ')} ${value}`)
    .join(', ');

async function busy(button, action) {
  button.disabled = true;
  try {
    await action();
  } catch (error) {
    if (!(error instanceof Refused)) {
      throw error;
    }
    byId('restore-plan').textContent = error.message;
  } finally {
    button.disabled = false;
    asked = 0;
  }
}

byId('verify').addEventListener('click', () => busy(byId('verify'), () => tell('verify', {})));
byId('plan').addEventListener('click', () => busy(byId('plan'), () => tell('plan', {})));

byId('restore-form').addEventListener('submit', (event) => {
  event.preventDefault();
  const request = { date: byId('restore-date').value, source: byId('restore-source').value };
  const button = event.target.querySelector('button');
  busy(button, async () => estimated(request, await tell('restore', { ...request, 'dry run': true })));
});

/** What it would take, and a button that does it. */
function estimated(request, plan) {
  const box = byId('restore-plan');
  if (plan.parts === 0) {
    box.textContent = 'No part has events of this day.';
    return;
  }
  const confirm = element('button', {
    type: 'button',
    class: 'main',
    onclick: () =>
      busy(confirm, async () => {
        const started = await tell('restore', request);
        box.textContent = `Job ${started.job} has begun. Its parts wake below; their events then go on the log stream again, and the notice comes with the alerts.`;
      }),
  }, 'Restore and replay');
  const hours = plan.minutes >= 60 ? `${Math.round(plan.minutes / 60)} hours` : `${plan.minutes} minutes`;
  box.replaceChildren(
    element('p', {}, `${counted(plan.parts, 'part')} of ${bytes(plan.bytes)} with ${counted(plan.events, 'wanted event')}, ${exact(plan.asleep)} of them asleep. On AWS it takes up to ${hours} and costs about ${dollars(plan.cost)}; here it takes seconds.`),
    confirm,
  );
}
