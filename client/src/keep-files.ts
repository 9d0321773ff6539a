/** Scenarios and traces as files: where they are kept, and how a kept trace is read. */
import * as vscode from 'vscode';
import type { Trace } from '../../server/src/protocol/trace.ts';

/** Asks where to keep `text` and writes it there; opens it when it is a scenario, because that is the next thing to look at. */
export async function saveScenario(driver: vscode.Uri, handler: string, text: string): Promise<void> {
  const stem =
    driver.path
      .split('/')
      .at(-1)
      ?.replace(/\.\w+$/, '') ?? 'driver';
  const defaultUri = vscode.Uri.joinPath(driver, '..', `${stem}.${handler}.mmapsim`);
  const uri = await vscode.window.showSaveDialog({ defaultUri, filters: { 'mmap scenario': ['mmapsim'] }, title: 'Save Scenario' });
  if (!uri) return;
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text.endsWith('\n') ? text : `${text}\n`));
  await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.One });
}

/** Asks where to keep the trace and writes it there. */
export async function saveTrace(driver: vscode.Uri, trace: Trace): Promise<void> {
  const defaultUri = vscode.Uri.joinPath(driver, '..', `${trace.handler.function}.trace.json`);
  const uri = await vscode.window.showSaveDialog({ defaultUri, filters: { 'Simulation trace': ['json'] }, title: 'Save Trace' });
  if (uri) await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(`${JSON.stringify(trace, null, 1)}\n`));
}

/** Asks for a trace that was kept. */
export async function pickTrace(): Promise<vscode.Uri | undefined> {
  const picked = await vscode.window.showOpenDialog({
    filters: { 'Simulation trace': ['json'] },
    title: 'Open Trace',
    canSelectMany: false,
  });
  return picked?.[0];
}

/** The trace in the file; a sentence when it holds none. */
export async function readTrace(uri: vscode.Uri): Promise<Trace | string> {
  const name = vscode.workspace.asRelativePath(uri);
  let text: string;
  try {
    text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch {
    return `${name} cannot be read. It may have been moved; open the trace again.`;
  }
  return (
    parseTrace(text) ??
    `${name} holds no simulation trace. Open a file that "Save the trace" or \`driver-mmap simulate --format json\` wrote.`
  );
}

function parseTrace(text: string): Trace | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isTrace(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The parts that tell a trace from other files; a trace is written by this program. */
function isTrace(value: unknown): value is Trace {
  if (typeof value !== 'object' || value === null) return false;
  return ['kernel', 'handler', 'scenario', 'assumptions', 'steps', 'verdict'].every((key) => key in value);
}
