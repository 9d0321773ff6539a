/**
 * A minute of typing, as an author types: one character after the other, eight a second, into a function of a driver, with a hover now
 * and then. Tells what the author waits for, whether findings flicker, and what the server keeps.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { LanguageServer } from './language-server.mjs';

/** Milliseconds from one key to the next, and keys from one hover to the next. */
const [pace, hoverEvery] = [125, 12];

/** A statement that has not been typed before. */
const statement = (number) =>
  `\tif (vma->vm_pgoff == ${number}) {\n\t\tpr_debug("page %d\\n", ${number});\n\t\treturn -EINVAL; /* never */\n\t}\n`;

/** The value below which `share` of the `values` lie. */
const quantile = (values, share) => [...values].sort((a, b) => a - b)[Math.max(Math.ceil(values.length * share) - 1, 0)] ?? Number.NaN;
const milliseconds = (value) => `${value.toFixed(1)} ms`;

/** Types into `file` for `seconds` with a server of its own, and prints one line. */
export async function measureTyping(program, args, file, seconds = 60) {
  const server = new LanguageServer(program, args, path.dirname(file));
  await server.initialize();
  const document = server.document(file);
  const first = await document.open();
  // The server compiles its own code while nobody asks anything.
  await delay(3000);
  const before = memoryOf(server.pid);
  const used = processorTimeOf(server.pid);
  const [keys, hovers, held] = [[], [], []];
  const flicker = new Flicker(first.diagnostics);
  const letters = typedFor(Math.round((seconds * 1000) / pace));
  let next = performance.now();
  for (const [index, letter] of letters.entries()) {
    next += pace;
    const started = performance.now();
    flicker.see((await document.type(letter)).diagnostics);
    keys.push(performance.now() - started);
    if (index % hoverEvery === 0) {
      const asked = performance.now();
      await document.hover();
      hovers.push(performance.now() - asked);
    }
    if ((index + 1) % Math.ceil(letters.length / 4) === 0) held.push(memoryOf(server.pid));
    await delay(Math.max(next - performance.now(), 0));
  }
  const cpu = processorTimeOf(server.pid) - used;
  // It tidies up once nobody types.
  await delay(3000);
  const rested = memoryOf(server.pid);
  await server.end();
  const mib = (bytes) => (bytes / 1048576).toFixed(0);
  console.log(
    `${path.relative(process.cwd(), file)}: ${keys.length} keys, key to findings median ${milliseconds(quantile(keys, 0.5))}, ` +
      `p95 ${milliseconds(quantile(keys, 0.95))}, hover p95 ${milliseconds(quantile(hovers, 0.95))}; ${first.diagnostics.length} findings, ` +
      `${flicker.count} flickered; memory ${mib(before)} MiB before, ${held.map(mib).join(', ')} after each quarter, ${mib(rested)} 3 s later; ${milliseconds(cpu / keys.length)} of processor time a key`,
  );
}

/** The letters of one statement after the other. */
function typedFor(count) {
  let text = '';
  for (let number = 1; text.length < count; number++) text += statement(number);
  return [...text.slice(0, count)];
}

/** Counts findings that go and come back. What was there at the start is told by its rule and its message, wherever it stands. */
class Flicker {
  #known;
  #gone = new Set();
  count = 0;

  constructor(diagnostics) {
    this.#known = new Set(diagnostics.map(nameOf));
  }

  see(diagnostics) {
    const now = new Set(diagnostics.map(nameOf));
    for (const name of this.#known) {
      if (!now.has(name)) this.#gone.add(name);
      else if (this.#gone.delete(name)) this.count++;
    }
  }
}

const nameOf = ({ code, message }) => `${code} ${message}`;

/** Bytes that the process holds in memory; none where the system does not tell. */
function memoryOf(pid) {
  const held = /^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1];
  return held === undefined ? Number.NaN : Number(held) * 1024;
}

/** Milliseconds of processor time that the process has used, in ticks of 10 ms. */
function processorTimeOf(pid) {
  const fields = read(`/proc/${pid}/stat`)
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
