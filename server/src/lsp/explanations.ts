/**
 * The ways from a place in the code to more about it: the links of a hover, the page of a diagnostic's rule, and the request for all that
 * is known of a name. A client with a page for simulations has commands for them; others get the files.
 */
import { pathToFileURL } from 'node:url';
import { type Connection, RequestType } from 'vscode-languageserver/node';
import { readRulePage, rulePagePath, rulesAbout } from '../host/rule-pages.ts';
import type { SourceDocument } from '../ide/document.ts';
import { factPage } from '../ide/fact-page.ts';
import type { HoverInfo } from '../ide/hover.ts';
import { newestKernel } from '../kernel/version.ts';
import type { Finding } from '../protocol/findings.ts';
import type { Position } from '../protocol/position.ts';
import {
  type ExplainParams,
  explainMethod,
  explainNameCommand,
  explainRuleCommand,
  pageScheme,
  type SimulateParams,
  simulateCommand,
} from '../protocol/requests.ts';
import { ruleNamed } from '../rules/registry.ts';
import type { OpenDocuments } from './open-documents.ts';

/** Rules that a hover links to. */
const mostRules = 3;

type Link = HoverInfo['links'][number];

/** Answers the request of this connection. */
export function serveExplanations(connection: Connection, open: OpenDocuments): void {
  connection.onRequest(new RequestType<ExplainParams, string | null, void>(explainMethod), async ({ name, uri }) => {
    const target = uri === undefined ? undefined : (await open.current(uri))?.target;
    const page = factPage(name, target?.version ?? newestKernel, rulesAbout(name));
    return page ?? (ruleNamed(name) && readRulePage(name)) ?? null;
  });
}

const pageUris = new Map<string, string | undefined>();

/** Where the rule of a diagnostic leads: a client that draws pages is given one; its editor would show a file as it is written. */
export function ruleLink(rule: string, hasPages: boolean): string | undefined {
  return hasPages ? `${pageScheme}:/${rule}.md` : rulePageUri(rule);
}

/** The address of a rule's page, for who opens files. Each is looked for once: findings are told with every key. */
function rulePageUri(rule: string): string | undefined {
  if (!pageUris.has(rule)) {
    const file = rulePagePath(rule);
    pageUris.set(rule, file && pathToFileURL(file).href);
  }
  return pageUris.get(rule);
}

/** Where a hover leads, in the order of what is nearest: the run, the rules that report something here, more about the name. */
export function hoverLinks(
  { more, links, range }: HoverInfo,
  document: SourceDocument,
  at: { readonly uri: string; readonly position: Position; readonly findings: readonly Finding[]; readonly hasCommands: boolean },
): readonly Link[] {
  const { uri, position, findings, hasCommands } = at;
  const line = range?.start.line;
  const here = findings.filter((finding) => finding.file === document.file && finding.range.start.line === line);
  const rules = [...new Set(here.map(({ rule }) => rule))].slice(0, mostRules);
  const ruleLinks = rules.flatMap((rule): readonly Link[] => {
    const target = hasCommands ? commandUri(explainRuleCommand, rule) : rulePageUri(rule);
    return target === undefined ? [] : [{ title: rule, target }];
  });
  if (!hasCommands) return [...ruleLinks, ...links];
  const run: SimulateParams = { uri, position };
  const page: ExplainParams | undefined = more === undefined ? undefined : { name: more, uri };
  return [
    ...(isInHandler(document, position) ? [{ title: 'Simulate', target: commandUri(simulateCommand, run) }] : []),
    ...ruleLinks,
    ...(page ? [{ title: 'More', target: commandUri(explainNameCommand, page) }] : []),
    ...links,
  ];
}

/** Parentheses would end the link in Markdown. */
function commandUri(command: string, argument: unknown): string {
  const text = encodeURIComponent(JSON.stringify([argument])).replace(/[()]/g, (sign) => (sign === '(' ? '%28' : '%29'));
  return `command:${command}?${text}`;
}

/** Whether the place lies in a function that the kernel calls, so that there is something to run. */
function isInHandler(document: SourceDocument, position: Position): boolean {
  const { driver, file } = document;
  const offset = document.linesOf(file).offsetAt(position);
  return driver.handlers.some((handler) => {
    const span = handler.file === file && handler.defined ? driver.functions.get(handler.function)?.span : undefined;
    return span !== undefined && span.start <= offset && offset < span.end;
  });
}
