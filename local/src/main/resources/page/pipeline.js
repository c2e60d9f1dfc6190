// The way of the data as a picture, with what was counted at each stage.
import { bytes, byId, drawn, element, exact, short, tell } from './page.js';

const WIDTH = 196;
const HEIGHT = 92;

/** A line of a stage: what it is called, the counter, and how it is shown; trouble is red unless it is 0. */
const count = (label, name) => ({ label, name, show: short });
const size = (label, name) => ({ label, name, show: bytes });
const trouble = (label, name) => ({ label, name, show: short, isTrouble: true });

const STAGES = {
  accounts: { name: 'Accounts', kind: '', lines: [count('events', 'traffic.events')], wide: [0, 0], narrow: [0, 0] },
  stream: { name: 'Log stream', kind: 'Kinesis', lines: [count('records', 'stream.records'), count('waiting', 'waiting.stream')], faults: ['kinesis-throttles'], wide: [1, 0], narrow: [1, 0] },
  transform: { name: 'transform-fn', kind: 'Lambda', lines: [count('events in', 'transform.EventsIn'), count('events out', 'transform.EventsOut'), trouble('failed calls', 'archive.invocations-failed')], faults: ['transform-fails'], wide: [2, 0], narrow: [1, 1] },
  bucket: { name: 'Archive', kind: 'S3', lines: [count('objects', 's3.objects'), size('bytes', 's3.bytes'), trouble('tried again', 's3.retries')], faults: ['s3-slow-down'], wide: [3, 0], narrow: [0, 1] },
  index: { name: 'Index stream', kind: 'Firehose', lines: [count('documents', 'index.records'), count('waiting', 'waiting.index'), trouble('tried again', 'index.retries')], faults: ['firehose-throttles', 'duplicates', 'slow'], wide: [3, 1], narrow: [1, 2] },
  search: { name: 'Search', kind: 'OpenSearch', lines: [count('documents', 'index.documents'), trouble('refused', 'index.refused')], faults: ['search-down'], wide: [4, 1], narrow: [1, 3] },
  calls: { name: 'Calls, findings', kind: 'CloudTrail, GuardDuty', lines: [count('findings', 'traffic.findings')], wide: [0, 2], narrow: [0, 4] },
  bus: { name: 'Event bus', kind: 'EventBridge', lines: [count('events', 'bus.events'), count('matched', 'bus.matched')], wide: [1, 2], narrow: [1, 4] },
  alert: { name: 'alert-fn', kind: 'Lambda', lines: [count('rules broken', 'alert.Matched'), count('alerts', 'alert.Sent'), trouble('failed calls', 'alert.invocations-failed')], wide: [2, 2], narrow: [1, 5] },
  told: { name: 'People', kind: 'SNS', lines: [count('emails', 'told.email'), count('chat messages', 'told.chat')], faults: ['sns-down'], wide: [3, 2], narrow: [0, 5] },
  archive: { name: 'archive-fn', kind: 'Lambda', lines: [count('events', 'archive.EventsArchived'), count('put back', 'archive.EventsReplayed'), count('tasks waiting', 'waiting.tasks')], wide: [4, 0], narrow: [0, 2] },
};

/** From, to, and the counter whose growth is what flows. */
const FLOWS = [
  ['accounts', 'stream', 'traffic.events'],
  ['stream', 'transform', 'transform.EventsIn'],
  ['transform', 'bucket', 'archive.records-ok'],
  ['transform', 'index', 'index.records'],
  ['index', 'search', 'index.documents'],
  ['bucket', 'archive', 'archive.EventsArchived'],
  ['calls', 'bus', 'bus.events'],
  ['bus', 'alert', 'bus.matched'],
  ['alert', 'told', 'told.email'],
  ['alert', 'stream', 'alert.Sent'],
];

const GRIDS = {
  wide: { columns: 5, rows: 3, across: 262, down: 132 },
  narrow: { columns: 2, rows: 6, across: 214, down: 136 },
};

const RATE_SECONDS = 10;
const SPARK_SECONDS = 120;
const narrow = matchMedia('(max-width: 760px)');
const history = [];
let layout;
let texts;
let edges;

export function show() {
  if (layout !== (narrow.matches ? 'narrow' : 'wide')) {
    draw();
  }
}

narrow.addEventListener('change', draw);

function draw() {
  layout = narrow.matches ? 'narrow' : 'wide';
  const grid = GRIDS[layout];
  const width = (grid.columns - 1) * grid.across + WIDTH + 4;
  const height = (grid.rows - 1) * grid.down + HEIGHT + 24;
  texts = [];
  edges = [];
  const picture = drawn('svg', { viewBox: `-2 -20 ${width} ${height}`, role: 'img', 'aria-label': 'The way of the data, with counts at each stage' });
  for (const [from, to, name] of FLOWS) {
    if (layout === 'narrow' && to === 'stream' && from === 'alert') {
      continue; // other stages are in its way
    }
    const path = edge(from, to);
    const moving = drawn('path', { class: 'edge', d: path });
    edges.push({ moving, name });
    picture.append(drawn('path', { class: 'edge', d: path }), moving);
  }
  for (const [id, stage] of Object.entries(STAGES)) {
    picture.append(node(id, stage));
  }
  byId('picture').replaceChildren(picture);
}

function place(id) {
  const [column, row] = STAGES[id][layout];
  const { across, down } = GRIDS[layout];
  return { x: column * across, y: row * down };
}

/** Between the sides that face each other. */
function edge(from, to) {
  const a = place(from);
  const b = place(to);
  if (a.x === b.x) {
    const isDown = b.y > a.y;
    return `M${a.x + WIDTH / 2} ${a.y + (isDown ? HEIGHT : 0)}V${b.y + (isDown ? 0 : HEIGHT)}`;
  }
  const isRight = b.x > a.x;
  const start = { x: a.x + (isRight ? WIDTH : 0), y: a.y + HEIGHT / 2 };
  const end = { x: b.x + (isRight ? 0 : WIDTH), y: b.y + HEIGHT / 2 };
  if (from === 'alert' && to === 'stream') {
    // alerts are logs, too
    const top = { x: a.x + 30, y: a.y };
    const bottom = { x: b.x + WIDTH / 2, y: b.y + HEIGHT };
    return `M${top.x} ${top.y}C${top.x} ${top.y - 60} ${bottom.x} ${bottom.y + 60} ${bottom.x} ${bottom.y}`;
  }
  const middle = (start.x + end.x) / 2;
  return `M${start.x} ${start.y}C${middle} ${start.y} ${middle} ${end.y} ${end.x} ${end.y}`;
}

function node(id, stage) {
  const { x, y } = place(id);
  const group = drawn('g', { class: 'node', 'data-stage': id, transform: `translate(${x} ${y})` });
  const warning = drawn('text', { class: 'warning', x: WIDTH - 12, y: 22 });
  group.append(
    drawn('rect', { width: WIDTH, height: HEIGHT, rx: 10 }),
    drawn('text', { class: 'name', x: 12, y: 22 }, stage.name),
    warning,
  );
  if (stage.lines.length < 3) {
    group.append(drawn('text', { class: 'kind', x: 12, y: 38 }, stage.kind));
  }
  stage.lines.forEach((line, number) => {
    const base = HEIGHT - 12 - (stage.lines.length - 1 - number) * 17;
    const value = drawn('text', { class: 'value', x: WIDTH - 12, y: base, 'data-count': line.name, 'data-value': 0 });
    group.append(drawn('text', { class: 'label', x: 12, y: base }, line.label), value);
    texts.push({ line, value });
  });
  stage.group = group;
  stage.subtitle = group.querySelector('.kind');
  stage.warning = warning;
  return group;
}

const value = (state, name) => (name.startsWith('waiting.') ? state[name] : state.counts[name]) ?? 0;

export function update(state, isShown) {
  history.push(state);
  while (history.length > 1 && history[0].time < state.time - SPARK_SECONDS * 1000) {
    history.shift();
  }
  if (isShown) {
    show();
    counts(state);
    flows(state);
    balance(state);
    spark(state);
    stories(state);
    faults(state);
  }
}

function counts(state) {
  STAGES.accounts.subtitle.textContent = `${state.accounts.length} of them, logs of all kinds`;
  for (const { line, value: text } of texts) {
    const number = value(state, line.name);
    if (text.dataset.value !== String(number) || !text.textContent) {
      text.dataset.value = number;
      text.replaceChildren(line.show(number), drawn('title', {}, exact(number)));
      text.classList.toggle('trouble', Boolean(line.isTrouble) && number > 0);
    }
  }
}

function rate(state, name, seconds = RATE_SECONDS) {
  const before = history.find((each) => each.time >= state.time - seconds * 1000);
  const elapsed = (state.time - before.time) / 1000;
  return elapsed > 0 ? Math.max(0, value(state, name) - value(before, name)) / elapsed : 0;
}

function flows(state) {
  for (const { moving, name } of edges) {
    const perSecond = rate(state, name);
    moving.classList.toggle('flow', perSecond > 0);
    const seconds = (2.4 / (1 + Math.log10(1 + perSecond))).toFixed(1);
    if (moving.style.animationDuration !== `${seconds}s`) {
      moving.style.animationDuration = `${seconds}s`;
    }
  }
}

function balance(state) {
  const [into, out, dropped, failed] = ['EventsIn', 'EventsOut', 'EventsDropped', 'EventsFailed'].map((name) =>
    value(state, `transform.${name}`),
  );
  const off = into - out - dropped - failed;
  const shown = byId('balance');
  shown.dataset.even = off === 0;
  shown.textContent = `${exact(into)} in = ${exact(out)} out + ${exact(dropped)} dropped + ${exact(failed)} failed${off === 0 ? ': nothing is lost ✓' : `; ${exact(off)} are missing ✗`}`;
}

function spark(state) {
  const points = [];
  for (let i = 1; i < history.length; i++) {
    const elapsed = (history[i].time - history[i - 1].time) / 1000;
    const grown = value(history[i], 'transform.EventsIn') - value(history[i - 1], 'transform.EventsIn');
    points.push([(history[i].time - state.time) / 1000, elapsed > 0 ? grown / elapsed : 0]);
  }
  const highest = Math.max(1, ...points.map(([, height]) => height));
  const line = points.map(([second, height]) => `${160 + (second / SPARK_SECONDS) * 160},${32 - (height / highest) * 29}`).join(' ');
  byId('rate').replaceChildren(
    drawn('svg', { viewBox: '0 0 160 34', 'aria-hidden': 'true' }, drawn('polyline', { points: line, fill: 'none', stroke: 'var(--flow)', 'stroke-width': 1.6 })),
    element('figcaption', {}, `${short(Math.round(rate(state, 'transform.EventsIn')))} events a second`),
  );
}

/** Drawn once: they are buttons, which keep the focus. */
function stories(state) {
  const list = byId('stories');
  if (list.children.length > 0) {
    return;
  }
  for (const story of state.stories) {
    const button = element('button', { type: 'button', 'data-story': story.name, onclick: () => start(story, button) }, story.name.replace('-', ' '));
    list.append(element('li', {}, button, element('p', {}, story.description)));
  }
}

async function start(story, button) {
  button.disabled = true;
  try {
    await tell('story', { name: story.name });
  } finally {
    setTimeout(() => {
      button.disabled = false;
    }, 6000);
  }
}

function faults(state) {
  const list = byId('faults');
  if (list.children.length === 0) {
    for (const fault of state.faults) {
      const box = element('input', { type: 'checkbox', 'data-fault': fault.name, onchange: () => tell('fault', { name: fault.name, on: box.checked }) });
      list.append(element('li', {}, element('label', {}, box, fault.description[0].toUpperCase() + fault.description.slice(1))));
    }
  }
  const on = new Set(state.faults.filter((fault) => fault.on).map((fault) => fault.name));
  for (const box of list.querySelectorAll('input')) {
    if (document.activeElement !== box) {
      box.checked = on.has(box.dataset.fault);
    }
  }
  for (const stage of Object.values(STAGES)) {
    const isFaulty = stage.faults?.some((name) => on.has(name)) ?? false;
    stage.group.classList.toggle('fault', isFaulty);
    stage.warning.textContent = isFaulty ? '▲ fault' : '';
  }
}
