/**
 * What the editor offers at a finding, as actions of the protocol and in this order: fixes, the run that shows it, its places, comments
 * against it, the page of its rule, a report that it is wrong. Knows no documents.
 */
import { type CodeAction, type CodeActionContext, CodeActionKind, type Diagnostic, type TextEdit } from 'vscode-languageserver/node';
import {
  actionsAt,
  type DoubtAction,
  doubtsAt,
  type ExplainAction,
  explainsAt,
  type FixAction,
  type IgnoreAction,
  ignoresAt,
  type PlacesAction,
  placesAt,
  type ReplayAction,
  replaysAt,
} from '../ide/code-actions.ts';
import { safeFixes } from '../ide/fix-all.ts';
import type { Finding, TextChange } from '../protocol/findings.ts';
import type { Range } from '../protocol/position.ts';
import {
  copyFalseAlarmCommand,
  explainRuleCommand,
  type FalseAlarmParams,
  type ShowPlacesParams,
  type SimulateParams,
  showPlacesCommand,
  simulateCommand,
} from '../protocol/requests.ts';
import { pathOf, uriOf } from './convert.ts';

/** What an editor asks about: a range of a text, and for which kinds of actions. */
export interface Wish {
  readonly uri: string;
  readonly text: string;
  readonly range: Range;
  readonly context: CodeActionContext;
  /** The client has commands for places and pages. */
  readonly hasCommands: boolean;
}

/** The actions for those of the findings that the range touches. */
export function codeActions(findings: readonly Finding[], { uri, text, range, context, hasCommands }: Wish): CodeAction[] {
  const { diagnostics } = context;
  const quick = asksFor(context, CodeActionKind.QuickFix)
    ? [
        ...actionsAt(findings, range).map((action) => toFixAction(action, diagnostics)),
        ...replaysAt(findings, range).map((action) => toReplayAction(action, uri, diagnostics)),
        ...(hasCommands ? placesAt(findings, range) : []).map((action) => toPlacesAction(action, diagnostics)),
        ...ignoresAt(findings, pathOf(uri), range, text).map((action) => toIgnoreAction(action, uri, diagnostics)),
        ...(hasCommands ? explainsAt(findings, range) : []).map((action) => toExplainAction(action, diagnostics)),
        ...(hasCommands ? doubtsAt(findings, range) : []).map((action) => toDoubtAction(action, uri, diagnostics)),
      ]
    : [];
  const fixes = context.only && asksFor(context, fixAllKind) ? safeFixes(findings, pathOf(uri)) : [];
  return fixes.length > 0 ? [...quick, toFixAll(fixes, uri)] : quick;
}

/** Whether the client wants actions of a kind: it names the kind itself, or one above it, or none. */
function asksFor({ only }: CodeActionContext, kind: string): boolean {
  return only === undefined || only.some((each) => kind === each || kind.startsWith(`${each}.`));
}

function toFixAction(action: FixAction, diagnostics: readonly Diagnostic[]): CodeAction {
  const changes: Record<string, TextEdit[]> = {};
  for (const change of action.fix.changes) {
    const uri = uriOf(change.file);
    changes[uri] = [...(changes[uri] ?? []), { range: change.range, newText: change.newText }];
  }
  return {
    title: action.fix.title,
    kind: CodeActionKind.QuickFix,
    isPreferred: action.preferred,
    diagnostics: diagnostics.filter((each) => each.code === action.finding.rule && sameStart(each, action.finding)),
    edit: { changes },
  };
}

/** The command opens the simulation of the finding; the file is the one that was asked about. */
function toReplayAction({ finding, title, replay }: ReplayAction, uri: string, diagnostics: readonly Diagnostic[]): CodeAction {
  const { file, range } = finding;
  const parameters: SimulateParams = { uri, ...replay, showLine: { file, line: range.start.line } };
  return toCommandAction({ finding, title }, simulateCommand, parameters, diagnostics);
}

function toPlacesAction({ finding, title, places }: PlacesAction, diagnostics: readonly Diagnostic[]): CodeAction {
  const parameters: ShowPlacesParams = {
    uri: uriOf(finding.file),
    range: finding.range,
    places: places.map(({ file, range }) => ({ uri: uriOf(file), range })),
  };
  return toCommandAction({ finding, title }, showPlacesCommand, parameters, diagnostics);
}

function toExplainAction(action: ExplainAction, diagnostics: readonly Diagnostic[]): CodeAction {
  return toCommandAction(action, explainRuleCommand, action.finding.rule, diagnostics);
}

function toDoubtAction(action: DoubtAction, uri: string, diagnostics: readonly Diagnostic[]): CodeAction {
  const { rule, range } = action.finding;
  const parameters: FalseAlarmParams = { uri, rule, range };
  return toCommandAction(action, copyFalseAlarmCommand, parameters, diagnostics);
}

function toCommandAction(
  { finding, title }: { readonly finding: Finding; readonly title: string },
  command: string,
  argument: unknown,
  diagnostics: readonly Diagnostic[],
): CodeAction {
  return {
    title,
    kind: CodeActionKind.QuickFix,
    diagnostics: diagnostics.filter((each) => each.code === finding.rule && sameStart(each, finding)),
    command: { title, command, arguments: [argument] },
  };
}

function toIgnoreAction({ finding, title, line, newText }: IgnoreAction, uri: string, diagnostics: readonly Diagnostic[]): CodeAction {
  const at = { line, character: 0 };
  return {
    title,
    kind: CodeActionKind.QuickFix,
    diagnostics: diagnostics.filter((each) => each.code === finding.rule && sameStart(each, finding)),
    edit: { changes: { [uri]: [{ range: { start: at, end: at }, newText }] } },
  };
}

/** The kind of the action that mends all that is safe to mend; editors ask for it when a file is saved. */
export const fixAllKind = `${CodeActionKind.SourceFixAll}.driver-mmap`;

function toFixAll(fixes: readonly (readonly TextChange[])[], uri: string): CodeAction {
  const edits = fixes.flat().map(({ range, newText }) => ({ range, newText }));
  return { title: 'Fix all safe problems', kind: fixAllKind, edit: { changes: { [uri]: edits } } };
}

/** Whether a finding and what a client says of one begin at the same place. */
export function sameStart({ range: { start: a } }: { readonly range: Range }, { range: { start: b } }: { readonly range: Range }): boolean {
  return a.line === b.line && a.character === b.character;
}
