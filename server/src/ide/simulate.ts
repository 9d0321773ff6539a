/** From a document and a wish to a finished trace: picks the handler and hands over to the simulation. */
import type { Driver, Handler } from '../driver/model.ts';
import { compareVersions, type KernelVersion } from '../kernel/version.ts';
import type { SimulateResult } from '../protocol/requests.ts';
import { helperAsHandler, mainHandler } from '../simulation/entry.ts';
import { parseScenario, type ScenarioPlace } from '../simulation/scenario/parse.ts';
import { simulate } from '../simulation/simulate.ts';
import { reaches } from '../simulation/state/reach.ts';
import type { SourceDocument } from './document.ts';

export interface SimulateWish {
  /** A function's name. */
  readonly handler?: string;
  /** An offset in the document: the handler around it is meant. */
  readonly offset?: number;
  readonly scenario?: string;
  /** Where the scenario stands, absolute with `/`; absent: beside the document. What it includes is found from there. */
  readonly scenarioFile?: string;
  /** The document's target goes before the version that the scenario names: the user has asked for it. */
  readonly targetWins?: boolean;
}

/** Runs the handler that is meant, else the file's first mmap handler, else its first handler. */
export function simulateDocument(document: SourceDocument, wish: SimulateWish): SimulateResult {
  const version = wish.targetWins ? undefined : scenarioVersion(document, wish);
  if (version && compareVersions(version, document.target.version) !== 0) {
    // The preprocessor sees the kernel that the scenario names.
    return simulateDocument(document.readFor(version), { ...wish, targetWins: true });
  }
  const handler = chosenHandler(document, wish);
  return typeof handler === 'string' ? { kind: 'failed', message: handler } : run(document, handler, wish);
}

/** The handler that is meant; a sentence when there is none. */
export function chosenHandler(document: SourceDocument, wish: Pick<SimulateWish, 'handler' | 'offset'>): Handler | string {
  const handlers = document.driver.handlers.filter((handler) => handler.defined);
  if (wish.handler !== undefined) {
    const named = handlers.find((handler) => handler.function === wish.handler) ?? handlerFor(document.driver, wish.handler, handlers);
    if (named) return named;
  }
  const foreign = document.driver.handlers.find((handler) => !handler.defined && handler.function === wish.handler);
  if (foreign || handlers.length === 0) return noHandler(document, foreign);
  if (wish.handler !== undefined) {
    const names = [...new Set(handlers.map((handler) => handler.function))].join(', ');
    return `${wish.handler} is no mapping handler of this file; there are: ${names}.`;
  }
  const around = wish.offset === undefined ? undefined : handlerAround(document, handlers, wish.offset);
  return around ?? mainHandler(handlers) ?? noHandler(document);
}

/** Why there is none to run: it is a function of another file, or the file has none, or could not be read as C. */
function noHandler({ driver, file }: SourceDocument, asked?: Handler): string {
  const foreign = asked ?? driver.handlers.find((handler) => !handler.defined && mapsMemory(handler));
  const unread = driver.problems.find((problem) => problem.file === file);
  const name = file.slice(file.lastIndexOf('/') + 1);
  if (foreign)
    return `There is no handler to run: ${foreign.slot} is ${foreign.function} here, which is defined in another file than ${name}. Simulate that file.`;
  return unread
    ? `There is no handler to run in ${name}. ${unread.message}`
    : `There is no handler to run: no table in ${name}, such as a file_operations, names an mmap or fault handler.`;
}

function mapsMemory({ kind }: Handler): boolean {
  return kind === 'mmap' || kind === 'mmap_prepare' || kind === 'fault';
}

/** The handler by which user space gets to a function that is none: the mmap handler that leads to it, else the function itself. */
function handlerFor(driver: Driver, name: string, handlers: readonly Handler[]): Handler | undefined {
  const isMmap = ({ kind }: Handler) => kind === 'mmap' || kind === 'mmap_prepare';
  return handlers.find((each) => isMmap(each) && reaches(driver, each.function, [name])) ?? helperAsHandler(driver, name);
}

function handlerAround(document: SourceDocument, handlers: readonly Handler[], offset: number): Handler | undefined {
  return handlers.find((handler) => {
    const header = document.driver.functions.get(handler.function);
    return header?.file === document.file && header.span.start <= offset && offset <= header.span.end;
  });
}

/** The kernel that the scenario names. */
function scenarioVersion(document: SourceDocument, wish: SimulateWish): KernelVersion | undefined {
  return wish.scenario === undefined ? undefined : parseScenario(wish.scenario, placeOf(document, wish)).scenario.version;
}

function placeOf(document: SourceDocument, { scenarioFile }: SimulateWish): ScenarioPlace {
  return { file: scenarioFile ?? document.file, readFile: (path) => document.host.readFile(path) };
}

function run(document: SourceDocument, handler: Handler, wish: SimulateWish): SimulateResult {
  const { scenario, targetWins } = wish;
  const place = placeOf(document, wish);
  return simulate({ driver: document.driver, handler, scenario, place, version: targetWins ? document.target.version : undefined });
}
